package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Texts that mean something where they stand. Finds the longest at a place. Immutable. */
final class MarkSet {
    /** What stands at a place: a mark, nothing, or what may yet become a mark. */
    record Found(@Nullable String mark, boolean undecided) {}

    private static final Found NOTHING = new Found(null, false);
    private static final Found UNDECIDED = new Found(null, true);

    private static final class Node {
        final Map<Character, Node> next = new HashMap<>(4);
        @Nullable Found mark;
    }

    private final Node root = new Node();
    private final boolean[] starts = new boolean[128];
    private boolean startsBeyond;

    MarkSet(Collection<String> marks) {
        for (String mark : marks) {
            if (!mark.isEmpty()) {
                add(mark);
            }
        }
    }

    private void add(String mark) {
        Node node = root;
        for (int i = 0; i < mark.length(); i++) {
            node = node.next.computeIfAbsent(mark.charAt(i), c -> new Node());
        }
        node.mark = new Found(mark, false);
        char first = mark.charAt(0);
        if (first < starts.length) {
            starts[first] = true;
        } else {
            startsBeyond = true;
        }
    }

    /** Whether a mark may begin with this character. */
    boolean mayStart(char c) {
        return c < starts.length ? starts[c] : startsBeyond;
    }

    /**
     * The longest mark at a place.
     *
     * @param end where to stop looking
     * @param closed whether there is nothing behind the end
     */
    Found at(Window window, int position, int end, boolean closed) {
        Node node = root;
        Found found = NOTHING;
        for (int i = position; i < end; i++) {
            node = node.next.get(window.at(i));
            if (node == null) {
                return found;
            }
            if (node.mark != null) {
                found = node.mark;
            }
        }
        return closed || node.next.isEmpty() ? found : UNDECIDED;
    }
}
