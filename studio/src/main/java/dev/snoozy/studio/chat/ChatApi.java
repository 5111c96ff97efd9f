package dev.snoozy.studio.chat;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Folders;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.store.Search;
import dev.snoozy.studio.write.OptionFields;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** What the page asks about chats. */
public final class ChatApi {
    private static final int MOST_CHATS = 1000;
    private static final int MOST_HITS = 200;
    private static final int LONGEST_NAME = 200;

    private final Chats chats;
    private final Messages messages;
    private final Folders folders;
    private final Search search;
    private final Answers answers;

    public ChatApi(
            Chats chats, Messages messages, Folders folders, Search search, Answers answers) {
        this.chats = chats;
        this.messages = messages;
        this.folders = folders;
        this.search = search;
        this.answers = answers;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/chats", this::list);
        routes.on("POST", "/chats", this::add);
        routes.on("GET", "/chats/{chat}", this::show);
        routes.on("PATCH", "/chats/{chat}", this::change);
        routes.on("DELETE", "/chats/{chat}", this::remove);
        routes.on("POST", "/chats/{chat}/copy", this::copy);
        routes.on("GET", "/search", this::search);
    }

    private void list(Call call) {
        String pinned = call.query("pinned");
        List<Chats.Line> lines =
                chats.list(
                        new Chats.Filter(
                                call.query("folder"),
                                pinned.isEmpty() ? null : pinned.equals("true"),
                                call.query("before"),
                                call.query("limit", 1, MOST_CHATS, MOST_CHATS)));
        ObjectNode node = Json.object();
        ArrayNode array = node.putArray("chats");
        for (Chats.Line line : lines) {
            array.add(
                    line.chat()
                            .json()
                            .put("messages", line.messages())
                            .put("writing", line.writing()));
        }
        if (!lines.isEmpty()) {
            node.put("next", Chats.place(lines.getLast().chat()));
        }
        call.json(node);
    }

    private void add(Call call) {
        Fields fields = call.fields();
        Chat chat =
                Chat.begin(
                                name(fields, "title").orElse(""),
                                fields.string("model").orElse(""),
                                fields.string("system").orElse(""),
                                OptionFields.readOfChat(fields, "options"))
                        .in(folder(fields, null), fields.bool("pinned", false));
        chats.add(chat);
        call.created(json(chat));
    }

    private void show(Call call) {
        call.json(json(chat(call)));
    }

    private Chat chat(Call call) {
        return chats.find(call.part("chat")).orElseThrow(() -> Call.missing("chat"));
    }

    private ObjectNode json(Chat chat) {
        ObjectNode node = chat.json();
        ArrayNode array = node.putArray("messages");
        messages.of(chat.id()).forEach(message -> array.add(message.json()));
        return node;
    }

    private void change(Call call) {
        Chat chat = chat(call);
        Fields fields = call.fields();
        String leaf = fields.string("leaf").orElse(chat.leaf());
        if (leaf != null && messages.find(chat.id(), leaf).isEmpty()) {
            throw HttpProblem.invalid("leaf", "expected a message of this chat");
        }
        Chat changed =
                new Chat(
                        chat.id(),
                        name(fields, "title").orElse(chat.title()),
                        folder(fields, chat.folder()),
                        fields.bool("pinned", chat.pinned()),
                        fields.string("model").orElse(chat.model()),
                        fields.string("system").orElse(chat.system()),
                        fields.has("options")
                                ? OptionFields.readOfChat(fields, "options")
                                : chat.options(),
                        leaf,
                        chat.created(),
                        chat.updated());
        if (!chats.change(changed)) {
            throw Call.missing("chat");
        }
        call.json(changed.json());
    }

    /** The folder that a request names: null takes a chat out of any. */
    private @Nullable String folder(Fields fields, @Nullable String otherwise) {
        if (!fields.node().has("folder")) {
            return otherwise;
        }
        Optional<String> wanted = fields.string("folder").filter(name -> !name.isEmpty());
        if (wanted.isPresent()
                && folders.all().stream().noneMatch(f -> f.id().equals(wanted.get()))) {
            throw HttpProblem.invalid("folder", "expected the id of a folder, or null");
        }
        return wanted.orElse(null);
    }

    private static Optional<String> name(Fields fields, String field) {
        return fields.string(field)
                .map(name -> {
                    if (name.length() > LONGEST_NAME) {
                        throw HttpProblem.invalid(
                                field,
                                "expected at most "
                                        + LONGEST_NAME
                                        + " characters, found "
                                        + name.length());
                    }
                    return name;
                });
    }

    private void remove(Call call) {
        answers.stopAllOf(call.part("chat"));
        call.done(chats.remove(call.part("chat")), "chat");
    }

    private void copy(Call call) {
        String upTo = call.fields().string("upTo").orElse("");
        Chat copy =
                chats.copy(call.part("chat"), upTo)
                        .orElseThrow(() -> Call.missing("chat or message"));
        call.created(json(copy));
    }

    private void search(Call call) {
        ArrayNode hits = Json.array();
        for (Search.Hit hit : search.find(call.query("q"), call.query("limit", 1, MOST_HITS, 50))) {
            ObjectNode node = hits.addObject();
            node.put("chat", hit.chat());
            node.put("title", hit.title());
            node.put("message", hit.message());
            node.put("role", hit.role());
            node.put("snippet", hit.snippet());
            ArrayNode marks = node.putArray("marks");
            hit.marks().forEach(marks::add);
        }
        call.json(Json.object().set("hits", hits));
    }
}
