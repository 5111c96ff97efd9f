package dev.snoozy.studio.web;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;

/** Settings, folders, presets, chats and answers of the stub. */
final class StubChats extends StubPart {
    private static final int LIMIT = 2048;
    private static final long SEED = 4711;

    private final StubState state;

    StubChats(StubState state) {
        this.state = state;
        on("GET", "settings", (x, m) -> x.json(state.settings));
        on(
                "PATCH",
                "settings",
                (x, m) -> {
                    state.refuseSettings();
                    x.json(StubState.merge(state.settings, x.fields().node()));
                });
        collection("presets", state.presets);
        collection("folders", state.folders);
        on("GET", "chats", (x, m) -> list(x));
        on("POST", "chats", (x, m) -> x.json(create(x.fieldsIfAny().node())));
        on("GET", "chats/ID", (x, m) -> x.json(whole(m.group(1))));
        on(
                "PATCH",
                "chats/ID",
                (x, m) -> {
                    ObjectNode chat = StubState.need(state.chats, m.group(1));
                    x.json(StubState.merge(chat, x.fields().node()));
                });
        on(
                "DELETE",
                "chats/ID",
                (x, m) -> {
                    state.chats.remove(m.group(1));
                    x.json(Json.object());
                });
        on("POST", "chats/ID/copy", (x, m) -> x.json(copy(m.group(1))));
        on("POST", "chats/ID/messages", (x, m) -> x.json(add(m.group(1), x.fields().node())));
        on(
                "DELETE",
                "chats/ID/messages/ID",
                (x, m) -> {
                    messages(m.group(1)).remove(m.group(2));
                    x.json(Json.object());
                });
        on("POST", "chats/ID/generate", (x, m) -> generate(x, m.group(1)));
        on("GET", "chats/ID/messages/ID/events", this::events);
        on(
                "POST",
                "chats/ID/messages/ID/stop",
                (x, m) -> {
                    state.writings.get(m.group(2)).stop();
                    x.json(Json.object());
                });
        on("GET", "chats/ID/context", (x, m) -> x.json(context(m.group(1))));
        on("GET", "search", (x, m) -> search(x));
        on("GET", "export", this::export);
        on(
                "POST",
                "import",
                (x, m) -> {
                    create(Json.object().put("title", "Imported"));
                    x.json(Json.object().put("chats", 1).set("skipped", Json.array().add("one")));
                });
    }

    private void collection(String name, Map<String, ObjectNode> all) {
        on("GET", name, (x, m) -> x.json(StubState.list(name, all.values())));
        on(
                "POST",
                name,
                (x, m) -> {
                    ObjectNode node = x.fields().node().put("id", state.id("c"));
                    all.put(node.path("id").asString(), node);
                    x.json(node);
                });
        on(
                "PATCH",
                name + "/ID",
                (x, m) -> {
                    ObjectNode node = StubState.need(all, m.group(1));
                    x.json(StubState.merge(node, x.fields().node()));
                });
        on(
                "DELETE",
                name + "/ID",
                (x, m) -> {
                    all.remove(m.group(1));
                    x.json(Json.object());
                });
    }

    /** Makes a chat. */
    synchronized ObjectNode create(JsonNode values) {
        ObjectNode chat = Json.object().put("id", state.id("chat")).put("title", "");
        chat.putNull("folder").put("pinned", false).put("model", "").put("system", "");
        chat.putObject("options");
        chat.putNull("leaf").put("updated", StubState.now()).put("created", StubState.now());
        StubState.merge(chat, values);
        state.chats.put(chat.path("id").asString(), chat);
        state.messages.put(chat.path("id").asString(), new LinkedHashMap<>());
        return chat;
    }

    private Map<String, ObjectNode> messages(String chat) {
        StubState.need(state.chats, chat);
        return state.messages.computeIfAbsent(chat, c -> new LinkedHashMap<>());
    }

    private synchronized void list(Exchange exchange) {
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode chat : state.chats.values()) {
            ObjectNode item = chat.deepCopy();
            Map<String, ObjectNode> messages = messages(chat.path("id").asString());
            boolean writing =
                    messages.values().stream()
                            .anyMatch(m -> m.path("state").asString("").equals("writing"));
            all.add(0, item.put("messages", messages.size()).put("writing", writing));
        }
        exchange.json(StubState.list("chats", all));
    }

    private synchronized ObjectNode whole(String id) {
        ObjectNode chat = StubState.need(state.chats, id).deepCopy();
        ArrayNode array = chat.putArray("messages");
        messages(id).values().forEach(m -> array.add(m.deepCopy()));
        return chat;
    }

    private synchronized ObjectNode copy(String id) {
        ObjectNode chat = create(state.chats.get(id).deepCopy().without("id"));
        messages(chat.path("id").asString()).putAll(messages(id));
        return chat;
    }

    /** Adds a message. */
    synchronized ObjectNode add(String chat, JsonNode values) {
        ObjectNode message = Json.object().put("id", state.id("m"));
        message.putNull("parent").put("role", "user").put("content", "").put("reasoning", "");
        message.putArray("attachments");
        message.put("state", "done").put("created", StubState.now());
        StubState.merge(message, values);
        messages(chat).put(message.path("id").asString(), message);
        ObjectNode owner = state.chats.get(chat);
        owner.set("leaf", message.path("id"));
        owner.put("updated", StubState.now());
        if (owner.path("title").asString("").isEmpty()) {
            String text = message.path("content").asString("");
            owner.put("title", text.substring(0, Math.min(40, text.length())));
        }
        return message;
    }

    private void generate(Exchange exchange, String chat) {
        JsonNode asked = exchange.fields().node();
        String continued = asked.path("continueOf").asString("");
        ObjectNode message;
        String text;
        synchronized (this) {
            text = messages(chat).get(asked.path("parent").asString()).path("content").asString();
            boolean resumes = !continued.isEmpty() && !asked.has("from");
            message = resumes ? messages(chat).get(continued) : begin(chat, asked);
            message.put("state", "writing");
        }
        Script script =
                continued.isEmpty()
                        ? Script.to(text)
                        : new Script("", List.of(" and", " on."), false);
        StubWriting writing = new StubWriting();
        state.writings.put(message.path("id").asString(), writing);
        boolean tokens = asked.path("tokens").asBoolean(false);
        Thread.ofVirtual().start(() -> write(message, script, writing, tokens));
        exchange.json(Json.object().set("message", message.path("id")));
    }

    private ObjectNode begin(String chat, JsonNode asked) {
        ObjectNode values = Json.object().put("role", "assistant").put("model", "stub-model");
        values.set("parent", asked.path("parent"));
        JsonNode seed = state.chats.get(chat).path("options").path("seed");
        values.put("seed", seed.isNumber() ? seed.asLong() : SEED + messages(chat).size());
        return add(chat, values);
    }

    private void write(ObjectNode message, Script script, StubWriting writing, boolean tokens) {
        if (!script.reasoning().isEmpty()) {
            append(message, writing, "reasoning", script.reasoning());
        }
        int count = 0;
        for (String piece : script.pieces()) {
            if (writing.isStopped()) {
                break;
            }
            append(message, writing, "content", piece);
            if (tokens) {
                ObjectNode token = StubLab.token(count, piece);
                synchronized (this) {
                    message.withArray("tokens").add(token);
                }
                writing.add("token", token);
            }
            count++;
            writing.pace(script.slow());
        }
        synchronized (this) {
            message.put("state", "done");
            message.put("finish", writing.isStopped() ? "cancelled" : "stop");
            ObjectNode stats = message.putObject("stats");
            stats.put("promptTokens", 12).put("cachedTokens", 0).put("tokens", count);
            stats.put("promptMs", 20).put("firstMs", 31).put("decodeMs", 100);
            stats.put("tokensPerSecond", 42.5);
            if (message.path("content").asString("").startsWith("You said: cite")) {
                message.put("content", "The falcon is fast [1], and so on.");
                stats.set("documents", StubDocuments.citations());
            }
            writing.add("done", message);
        }
    }

    private void append(ObjectNode message, StubWriting writing, String field, String text) {
        synchronized (this) {
            message.put(field, message.path(field).asString("") + text);
            writing.add("delta", StubWriting.delta(field, text));
        }
    }

    private void events(Exchange exchange, Matcher path) {
        StubWriting writing = state.writings.get(path.group(2));
        EventStream stream = exchange.events();
        ObjectNode empty = Json.object().put("content", "").put("reasoning", "");
        stream.event("state", empty.put("state", "writing"));
        writing.tell(stream);
    }

    private synchronized ObjectNode context(String chat) {
        ObjectNode node = Json.object();
        ArrayNode each = Json.array();
        int sum = 0;
        for (ObjectNode message : messages(chat).values()) {
            int tokens = message.path("content").asString().length() / 4 + 4;
            sum += tokens;
            each.addObject().put("tokens", tokens).put("sent", true).set("id", message.path("id"));
        }
        node.put("tokens", sum).put("limit", LIMIT).put("policy", "drop_oldest");
        node.set("perMessage", each);
        ArrayNode dropped = node.putArray("dropped");
        if (sum > LIMIT) {
            dropped.add(each.get(0).path("id"));
        }
        return node;
    }

    private synchronized void search(Exchange exchange) {
        String query = exchange.query("q").toLowerCase(Locale.ROOT);
        ObjectNode answer = Json.object();
        ArrayNode hits = answer.putArray("hits");
        state.messages.forEach((chat, messages) -> {
            for (ObjectNode message : messages.values()) {
                String text = message.path("content").asString();
                int at = text.toLowerCase(Locale.ROOT).indexOf(query);
                if (at >= 0 && state.chats.containsKey(chat)) {
                    ObjectNode hit = hits.addObject().put("chat", chat);
                    hit.set("title", state.chats.get(chat).path("title"));
                    hit.set("message", message.path("id"));
                    hit.set("role", message.path("role"));
                    int end = at + query.length();
                    int from = Math.max(0, at - 20);
                    hit.put("snippet", text.substring(from, Math.min(text.length(), end + 20)));
                    hit.putArray("marks").add(at - from).add(end - from);
                }
            }
        });
        exchange.json(answer);
    }

    private void export(Exchange exchange, Matcher path) {
        ObjectNode all = StubState.list("chats", state.chats.values()).put("format", "snoozy");
        exchange.text(200, "application/json", Json.text(all));
    }
}
