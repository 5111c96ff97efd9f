package dev.snoozy.server.openai;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.UUID;

/**
 * The items of a response as they come into being, and the events that tell of it: one item is open
 * at a time, and each begins, grows and ends in the order that OpenAI's clients expect. A whole
 * answer is made the same way, its events going nowhere.
 */
final class ResponsesOutput {
    /** Takes events; gives each its number. */
    @FunctionalInterface
    interface Events {
        void send(String type, ObjectNode event);
    }

    /** What an item is made of. */
    private enum Kind {
        REASONING("reasoning", "rs_", "reasoning_text", "response.reasoning_text"),
        MESSAGE("message", "msg_", "output_text", "response.output_text"),
        CALL("function_call", "fc_", "", "response.function_call_arguments");

        private final String type;
        private final String prefix;
        private final String part;
        private final String event;

        Kind(String type, String prefix, String part, String event) {
            this.type = type;
            this.prefix = prefix;
            this.part = part;
            this.event = event;
        }
    }

    private final Events events;
    private final ArrayNode items = Json.array();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Kind kind;
    private String id = "";
    private ObjectNode item = Json.object();
    private String type = "";
    private ObjectNode next = Json.object();
    private int reasoningTokens;
    private int undecided;

    ResponsesOutput(Events events) {
        this.events = events;
    }

    /** Takes a piece of the answer. */
    void add(ChatPiece piece) {
        for (AnswerPart part : piece.parts()) {
            switch (part) {
                case AnswerPart.Content(String more) -> grow(Kind.MESSAGE, more);
                case AnswerPart.Reasoning(String more) -> grow(Kind.REASONING, more);
                case AnswerPart.ToolCallStart start -> {
                    open(Kind.CALL);
                    item.put("call_id", start.id());
                    item.put("name", start.name());
                    item.put("arguments", "");
                    added();
                }
                case AnswerPart.ToolCallArguments(int index, String more) -> delta(more);
                case AnswerPart.ToolCallEnd end -> close("completed");
            }
        }
        // Tokens of a mark that was in doubt count for what it turned out to be.
        undecided += piece.choices().size();
        if (!piece.parts().isEmpty()) {
            boolean reasoning = piece.parts().getLast() instanceof AnswerPart.Reasoning;
            reasoningTokens += reasoning ? undecided : 0;
            undecided = 0;
        }
    }

    /** Ends the last item; there is a message in any case. */
    ArrayNode end(String status) {
        if (kind == null && items.isEmpty()) {
            open(Kind.MESSAGE);
            added();
        }
        close(status);
        return items;
    }

    int reasoningTokens() {
        return reasoningTokens;
    }

    private void grow(Kind wanted, String more) {
        if (kind != wanted) {
            open(wanted);
            added();
        }
        delta(more);
    }

    private void open(Kind wanted) {
        close("completed");
        kind = wanted;
        id = wanted.prefix + UUID.randomUUID().toString().replace("-", "");
        item = Json.object();
        item.put("id", id);
        item.put("type", wanted.type);
        item.put("status", "in_progress");
        switch (wanted) {
            case MESSAGE -> item.put("role", "assistant").putArray("content");
            case REASONING -> {
                item.putArray("summary");
                item.putArray("content");
            }
            case CALL -> {}
        }
    }

    private void added() {
        event("response.output_item.added", Json.object()).set("item", item.deepCopy());
        send();
        if (kind != null && kind != Kind.CALL) {
            inPart("response.content_part.added").set("part", part(kind, ""));
            send();
        }
    }

    private void delta(String more) {
        if (kind == null || more.isEmpty()) {
            return;
        }
        text.append(more);
        ObjectNode event = kind == Kind.CALL ? inItem(delta(kind)) : inPart(delta(kind));
        event.put("delta", more);
        if (kind == Kind.MESSAGE) {
            event.putArray("logprobs");
        }
        send();
    }

    private static String delta(Kind kind) {
        return kind.event + ".delta";
    }

    private void close(String status) {
        if (kind == null) {
            return;
        }
        String whole = text.toString();
        String done = kind.event + ".done";
        if (kind == Kind.CALL) {
            String arguments = whole.isEmpty() ? "{}" : whole;
            inItem(done).put("name", item.path("name").asString("")).put("arguments", arguments);
            send();
            item.put("arguments", arguments);
        } else {
            ObjectNode event = inPart(done).put("text", whole);
            if (kind == Kind.MESSAGE) {
                event.putArray("logprobs");
            }
            send();
            ObjectNode part = part(kind, whole);
            inPart("response.content_part.done").set("part", part);
            send();
            item.withArray("content").add(part);
        }
        item.put("status", status);
        event("response.output_item.done", Json.object()).set("item", item.deepCopy());
        send();
        items.add(item);
        text.setLength(0);
        kind = null;
    }

    private static ObjectNode part(Kind kind, String text) {
        ObjectNode part = Json.object();
        part.put("type", kind.part);
        part.put("text", text);
        if (kind == Kind.MESSAGE) {
            part.putArray("annotations");
            part.putArray("logprobs");
        }
        return part;
    }

    private ObjectNode event(String name, ObjectNode node) {
        type = name;
        next = node;
        next.put("output_index", items.size());
        return next;
    }

    private ObjectNode inItem(String name) {
        return event(name, Json.object().put("item_id", id));
    }

    private ObjectNode inPart(String name) {
        return inItem(name).put("content_index", 0);
    }

    private void send() {
        events.send(type, next);
    }
}
