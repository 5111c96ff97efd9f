package dev.snoozy.studio.transfer;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Ids;
import dev.snoozy.studio.store.Message;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of a chat of another program, with its ids, as they are put into a tree of our own.
 * What is no message for people (an empty root, say) is left out, and what follows from it goes to
 * the next one above.
 */
final class Tree {
    /**
     * A message as it was found.
     *
     * @param role {@code user}, {@code assistant} or {@code system}; "" for what is left out
     */
    record Node(
            String id,
            @Nullable String parent,
            String role,
            String content,
            String reasoning,
            String model,
            double time) {}

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private String lost = "";

    void add(Node node) {
        nodes.put(node.id(), node);
    }

    void lose(String what) {
        lost = what;
    }

    boolean isEmpty() {
        return nodes.values().stream().allMatch(node -> node.role().isEmpty());
    }

    /** A time in seconds since 1970, or now if it is none. */
    static Instant time(double seconds) {
        try {
            if (seconds > 0) {
                return Instant.ofEpochMilli((long) (seconds * 1000));
            }
        } catch (DateTimeException e) {
            // as if there were none
        }
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    /**
     * The chat.
     *
     * @param leaf the message that was shown last, or ""
     */
    Imported chat(String title, String model, double created, double updated, String leaf) {
        Chat chat = Chat.begin(title, "", "", Json.object());
        Map<String, String> names = new HashMap<>();
        List<Message> messages = new ArrayList<>();
        for (Node node : inOrder()) {
            if (node.role().isEmpty()) {
                continue;
            }
            String above = shown(node.parent());
            String id = Ids.next();
            names.put(node.id(), id);
            messages.add(
                    Message.said(
                                    chat.id(),
                                    above == null ? null : names.get(above),
                                    node.role(),
                                    node.content(),
                                    Json.array())
                            .as(id, chat.id(), above == null ? null : names.get(above))
                            .from(
                                    time(node.time() > 0 ? node.time() : created),
                                    node.reasoning(),
                                    node.role().equals("assistant")
                                            ? node.model().isEmpty() ? model : node.model()
                                            : ""));
        }
        String last = shown(leaf);
        String end =
                last != null
                        ? names.get(last)
                        : messages.isEmpty() ? null : messages.getLast().id();
        return new Imported(
                chat.withLeaf(end).at(time(created), time(updated > 0 ? updated : created)),
                messages,
                lost);
    }

    /** Parents before children, each as early as it can; circles are left out. */
    private List<Node> inOrder() {
        List<Node> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Node node : nodes.values()) {
            List<Node> chain = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            @Nullable Node at = node;
            while (at != null && !done.contains(at.id()) && seen.add(at.id())) {
                chain.add(at);
                at = at.parent() == null ? null : nodes.get(at.parent());
            }
            boolean circle = at != null && !done.contains(at.id());
            if (!circle) {
                chain.reversed()
                        .forEach(each -> {
                            order.add(each);
                            done.add(each.id());
                        });
            }
        }
        return order;
    }

    /** The message itself or the next one above that is not left out. */
    private @Nullable String shown(@Nullable String id) {
        Set<String> seen = new HashSet<>();
        String at = id;
        while (at != null && seen.add(at)) {
            Node node = nodes.get(at);
            if (node == null) {
                return null;
            }
            if (!node.role().isEmpty()) {
                return at;
            }
            at = node.parent();
        }
        return null;
    }
}
