package dev.snoozy.studio.transfer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Exports of other programs that are JSON. What a chat has beyond text is left out. */
final class ForeignJson {
    private ForeignJson() {}

    /**
     * ChatGPT's {@code conversations.json}: an array of conversations, each a {@code mapping} of
     * nodes with parents, and the {@code current_node}.
     */
    static List<Imported> chatGpt(JsonNode data) {
        List<Imported> chats = new ArrayList<>();
        for (JsonNode chat : data.isArray() ? data : List.of(data)) {
            Tree tree = new Tree();
            for (var entry : chat.path("mapping").properties()) {
                JsonNode node = entry.getValue();
                JsonNode message = node.path("message");
                boolean hidden =
                        message.path("metadata")
                                .path("is_visually_hidden_from_conversation")
                                .asBoolean(false);
                String text = chatGptText(message.path("content"), tree);
                String role = role(message.path("author").path("role").asString(""));
                tree.add(
                        new Tree.Node(
                                entry.getKey(),
                                text(node.path("parent")),
                                hidden || text.isBlank() ? "" : role,
                                text,
                                "",
                                message.path("metadata").path("model_slug").asString(""),
                                message.path("create_time").asDouble(0)));
            }
            add(
                    chats,
                    tree,
                    tree.chat(
                            chat.path("title").asString(""),
                            "",
                            chat.path("create_time").asDouble(0),
                            chat.path("update_time").asDouble(0),
                            chat.path("current_node").asString("")));
        }
        return chats;
    }

    private static String chatGptText(JsonNode content, Tree tree) {
        List<String> parts = new ArrayList<>();
        for (JsonNode part : content.path("parts")) {
            if (part.isString()) {
                parts.add(part.stringValue());
            } else {
                tree.lose("parts that are no text");
            }
        }
        if (content.path("text").isString()) {
            parts.add(content.path("text").stringValue());
        }
        return String.join("\n", parts);
    }

    /**
     * Open WebUI's export: an array of chats, each with {@code chat.history.messages} by their ids
     * and {@code currentId}; older ones have {@code chat.messages} only.
     */
    static List<Imported> openWebUi(JsonNode data) {
        List<Imported> chats = new ArrayList<>();
        for (JsonNode outer : data.isArray() ? data : List.of(data)) {
            JsonNode chat = outer.path("chat").isObject() ? outer.path("chat") : outer;
            JsonNode history = chat.path("history");
            Tree tree = new Tree();
            if (history.path("messages").isObject()) {
                for (var entry : history.path("messages").properties()) {
                    addOpenWebUi(
                            tree,
                            entry.getKey(),
                            text(entry.getValue().path("parentId")),
                            entry.getValue());
                }
            } else {
                addList(tree, chat.path("messages"));
            }
            String model = chat.path("models").path(0).asString("");
            add(
                    chats,
                    tree,
                    tree.chat(
                            outer.path("title").asString(chat.path("title").asString("")),
                            model,
                            outer.path("created_at").asDouble(chat.path("timestamp").asDouble(0)),
                            outer.path("updated_at").asDouble(0),
                            history.path("currentId").asString("")));
        }
        return chats;
    }

    private static void addOpenWebUi(Tree tree, String id, @Nullable String parent, JsonNode node) {
        JsonNode content = node.path("content");
        StringBuilder text = new StringBuilder();
        if (content.isString()) {
            text.append(content.stringValue());
        }
        for (JsonNode part : content.isArray() ? content : List.<JsonNode>of()) {
            text.append(part.path("text").asString(""));
        }
        if (!node.path("files").isEmpty()) {
            tree.lose("files that were attached");
        }
        Reasoning split = Reasoning.of(text.toString());
        tree.add(
                new Tree.Node(
                        id,
                        parent,
                        role(node.path("role").asString("")),
                        split.content(),
                        split.reasoning(),
                        node.path("model").asString(""),
                        node.path("timestamp").asDouble(0)));
    }

    /** Messages in a row, each after the one before. */
    static void addList(Tree tree, JsonNode messages) {
        String parent = null;
        int number = 0;
        for (JsonNode message : messages) {
            String id = "m" + number++;
            addOpenWebUi(tree, id, parent, message);
            parent = id;
        }
    }

    /** Chats as lists of messages: {@code {name, messages: [{role, content}]}}, one or several. */
    static List<Imported> lists(JsonNode data) {
        List<Imported> chats = new ArrayList<>();
        boolean one = data.isArray() && data.path(0).has("role");
        for (JsonNode chat : data.isArray() && !one ? data : List.of(data)) {
            Tree tree = new Tree();
            addList(tree, one ? chat : chat.path("messages"));
            String title = chat.path("name").asString(chat.path("title").asString(""));
            add(chats, tree, tree.chat(title, chat.path("model").asString(""), 0, 0, ""));
        }
        return chats;
    }

    private static void add(List<Imported> chats, Tree tree, Imported chat) {
        if (!tree.isEmpty()) {
            chats.add(chat);
        }
    }

    private static String role(String role) {
        return switch (role) {
            case "user", "human", "prompt" -> "user";
            case "assistant", "gpt", "response" -> "assistant";
            case "system" -> "system";
            default -> ""; // tools speak to models
        };
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
