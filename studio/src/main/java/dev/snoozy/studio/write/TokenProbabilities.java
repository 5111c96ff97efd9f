package dev.snoozy.studio.write;

import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Tokens with what else might have stood in their place, as the page shows them. */
final class TokenProbabilities {
    /** From how many of the likeliest tokens the entropy is reckoned. */
    static final int COUNTED = 100;

    private static final int SHOWN = 10;

    private TokenProbabilities() {}

    static ArrayNode of(List<TokenChoice> choices, Tokenizer tokenizer) {
        ArrayNode list = Json.array();
        for (TokenChoice choice : choices) {
            ObjectNode node = token(choice.token(), choice.logprob(), tokenizer);
            node.put("entropy", entropy(choice.alternatives()));
            ArrayNode top = node.putArray("top");
            choice.alternatives().stream()
                    .limit(SHOWN)
                    .forEach(other -> top.add(token(other.token(), other.logprob(), tokenizer)));
            list.add(node);
        }
        return list;
    }

    private static ObjectNode token(int id, float logprob, Tokenizer tokenizer) {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("text", TokenJson.text(id, tokenizer));
        node.put("logprob", TokenJson.finite(logprob));
        return node;
    }

    /**
     * The entropy of the choice in nats, where all tokens beyond the likeliest ones count as one:
     * never more than the true one.
     */
    static double entropy(List<TokenChoice.Alternative> likeliest) {
        double entropy = 0;
        double rest = 1;
        for (TokenChoice.Alternative token : likeliest) {
            double p = Math.exp(token.logprob());
            rest -= p;
            entropy -= p > 0 ? p * token.logprob() : 0;
        }
        return rest > 1e-6 ? entropy - rest * Math.log(rest) : entropy;
    }
}
