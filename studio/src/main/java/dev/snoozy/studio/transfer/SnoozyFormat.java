package dev.snoozy.studio.transfer;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Ids;
import dev.snoozy.studio.store.Message;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Our own form of chats: all that is known of them, as JSON. */
final class SnoozyFormat {
    private static final String NAME = "snoozy";
    private static final int VERSION = 1;
    private static final Set<String> ROLES = Set.of("user", "assistant", "system");

    private SnoozyFormat() {}

    /** An export without chats, to which they are added. */
    static ObjectNode begin() {
        ObjectNode node = Json.object();
        node.put("format", NAME).put("version", VERSION);
        node.put("exported", Instant.now().toString());
        node.putArray("chats");
        return node;
    }

    /** Adds a chat to an export. */
    static void add(ObjectNode export, Chat chat, List<Message> messages) {
        ObjectNode node = chat.json();
        node.remove("folder");
        ArrayNode list = node.putArray("messages");
        for (Message message : messages) {
            ObjectNode one = message.json();
            one.set("ids", message.ids());
            list.add(one);
        }
        ((ArrayNode) export.path("chats")).add(node);
    }

    /** The chats of an export. */
    static List<Imported> read(JsonNode data) {
        if (!data.path("format").asString("").equals(NAME)) {
            throw HttpProblem.invalid("data", "expected an export of Snoozy, found another");
        }
        if (data.path("version").asInt(0) > VERSION) {
            throw HttpProblem.invalid(
                    "data",
                    "expected version "
                            + VERSION
                            + ", found "
                            + data.path("version").asInt(0)
                            + "; cure: a newer Snoozy");
        }
        List<Imported> chats = new ArrayList<>();
        for (JsonNode chat : data.path("chats")) {
            chats.add(chat(chat));
        }
        return chats;
    }

    private static Imported chat(JsonNode node) {
        Chat begun =
                Chat.begin(
                        node.path("title").asString(""),
                        node.path("model").asString(""),
                        node.path("system").asString(""),
                        object(node.path("options")));
        Map<String, String> names = new HashMap<>();
        List<Message> messages = new ArrayList<>();
        for (JsonNode each : node.path("messages")) {
            String parent = each.path("parent").asString("");
            if (!parent.isEmpty() && !names.containsKey(parent)) {
                throw HttpProblem.invalid("data", "a message comes before its parent");
            }
            Message message = message(begun.id(), each, names.get(parent));
            names.put(each.path("id").asString(""), message.id());
            messages.add(message);
        }
        Chat chat =
                begun.withLeaf(names.get(node.path("leaf").asString("")))
                        .in(null, node.path("pinned").asBoolean(false))
                        .at(time(node.path("created")), time(node.path("updated")));
        return new Imported(chat, messages, "");
    }

    private static Message message(String chat, JsonNode node, @Nullable String parent) {
        String role = node.path("role").asString("");
        if (!ROLES.contains(role)) {
            throw HttpProblem.invalid(
                    "data", "a role: expected one of " + ROLES + ", found " + role);
        }
        JsonNode tokens = node.path("tokens");
        return new Message(
                Ids.next(),
                chat,
                parent,
                role,
                node.path("content").asString(""),
                node.path("reasoning").asString(""),
                array(node.path("attachments")),
                new Message.Answer(
                        node.path("model").asString(""),
                        node.path("digest").asString(""),
                        node.path("seed").isIntegralNumber() ? node.path("seed").asLong() : null,
                        object(node.path("options")),
                        object(node.path("stats")),
                        node.path("finish").isString() ? node.path("finish").asString() : null,
                        node.path("error").asString("")),
                Message.DONE,
                time(node.path("created")),
                array(node.path("ids")),
                tokens instanceof ArrayNode list ? list : null);
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object : Json.object();
    }

    private static ArrayNode array(JsonNode node) {
        return node instanceof ArrayNode array ? array : Json.array();
    }

    private static Instant time(JsonNode node) {
        try {
            return Instant.ofEpochMilli(Instant.parse(node.asString("")).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw HttpProblem.invalid("data", "a time: expected ISO 8601, found another text");
        }
    }
}
