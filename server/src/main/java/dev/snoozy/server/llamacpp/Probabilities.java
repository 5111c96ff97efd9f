package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** {@code completion_probabilities}: tokens beside those that might have come in their place. */
final class Probabilities {
    /** JSON has no infinity. */
    private static final float LEAST = -9999f;

    private Probabilities() {}

    static ArrayNode of(List<TokenChoice> choices, Tokenizer tokenizer) {
        ArrayNode array = Json.array();
        for (TokenChoice choice : choices) {
            ObjectNode node = token(choice.token(), choice.logprob(), tokenizer);
            ArrayNode top = node.putArray("top_logprobs");
            for (TokenChoice.Alternative other : choice.alternatives()) {
                top.add(token(other.token(), other.logprob(), tokenizer));
            }
            array.add(node);
        }
        return array;
    }

    private static ObjectNode token(int id, float logprob, Tokenizer tokenizer) {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("token", TokenJson.text(id, tokenizer));
        ArrayNode bytes = node.putArray("bytes");
        for (byte b : tokenizer.vocabulary().bytes(id)) {
            bytes.add(b & 0xFF);
        }
        node.put("logprob", Math.max(LEAST, logprob));
        return node;
    }
}
