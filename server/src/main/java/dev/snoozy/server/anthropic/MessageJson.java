package dev.snoozy.server.anthropic;

import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An answer as Anthropic writes it; its parts share an id. Immutable. */
final class MessageJson {
    private final String id = "msg_" + UUID.randomUUID().toString().replace("-", "");
    private final String model;
    private final List<String> warnings;
    private final Optional<Prepared> documents;

    /**
     * An answer.
     *
     * @param model what the client calls it
     * @param warnings what of the request is not done as one might think
     * @param documents the passages that the answer is from, if it is from documents
     */
    MessageJson(String model, List<String> warnings, Optional<Prepared> documents) {
        this.model = model;
        this.warnings = List.copyOf(warnings);
        this.documents = documents;
    }

    /** The whole answer. */
    ObjectNode whole(ArrayNode content, ChatReply reply) {
        ObjectNode message = message(content);
        ending(message, reply);
        message.set("usage", usage(reply.usage()));
        add(message, reply);
        return message;
    }

    /** The answer before anything of it has come: what was cached is not known yet. */
    ObjectNode begun(int promptTokens) {
        ObjectNode message = message(Json.array());
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        message.set("usage", usage(new TokenUsage(promptTokens, 0, 0)));
        return message;
    }

    private ObjectNode message(ArrayNode content) {
        ObjectNode message = Json.object();
        message.put("id", id);
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", model);
        message.set("content", content);
        return message;
    }

    /** Why an answer ended. */
    static void ending(ObjectNode node, ChatReply reply) {
        String stop = reply.generation().stopText().orElse(null);
        String reason =
                switch (reply.finishReason()) {
                    case LENGTH -> "max_tokens";
                    case TOOL_CALLS -> "tool_use";
                    case STOP -> stop == null ? "end_turn" : "stop_sequence";
                    case CANCELLED -> "end_turn";
                };
        node.put("stop_reason", reason);
        node.put("stop_sequence", reason.equals("stop_sequence") ? stop : null);
    }

    /** Counts: what was read from the cache does not count as input here. */
    static ObjectNode usage(TokenUsage usage) {
        ObjectNode node = Json.object();
        node.put("input_tokens", usage.promptTokens() - usage.cachedTokens());
        node.put("cache_creation_input_tokens", 0);
        node.put("cache_read_input_tokens", usage.cachedTokens());
        node.put("output_tokens", usage.completionTokens());
        return node;
    }

    /**
     * Says what was not done as one might think, and from which documents the answer is, in fields
     * that Anthropic does not have.
     */
    void add(ObjectNode node, ChatReply reply) {
        DocumentFields.addTo(node, documents, reply);
        List<String> all = new ArrayList<>(warnings);
        all.addAll(reply.warnings());
        if (!all.isEmpty()) {
            node.put("warning", String.join("; ", all));
        }
    }
}
