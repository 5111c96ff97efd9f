package dev.snoozy.server.generate;

import dev.snoozy.engine.TokenChoice;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tokens, their probabilities and counts, as OpenAI writes them. */
public final class TokenJson {
    private TokenJson() {}

    /** {@code logprobs} of a chat's choice. */
    public static ObjectNode logprobs(List<TokenChoice> choices, Tokenizer tokenizer) {
        ArrayNode content = Json.array();
        for (TokenChoice choice : choices) {
            ObjectNode node = token(choice.token(), choice.logprob(), tokenizer);
            ArrayNode top = node.putArray("top_logprobs");
            for (TokenChoice.Alternative other : choice.alternatives()) {
                top.add(token(other.token(), other.logprob(), tokenizer));
            }
            content.add(node);
        }
        ObjectNode logprobs = Json.object();
        logprobs.set("content", content);
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static ObjectNode token(int id, float logprob, Tokenizer tokenizer) {
        byte[] bytes = tokenizer.vocabulary().bytes(id);
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("token", text(id, tokenizer));
        node.put("logprob", finite(logprob));
        ArrayNode list = node.putArray("bytes");
        for (byte b : bytes) {
            list.add(b & 0xFF);
        }
        return node;
    }

    /** The text of a token; the name of one that has none. */
    public static String text(int id, Tokenizer tokenizer) {
        byte[] bytes = tokenizer.vocabulary().bytes(id);
        return bytes.length == 0
                ? tokenizer.vocabulary().piece(id)
                : new String(bytes, StandardCharsets.UTF_8);
    }

    /** JSON has no infinity; OpenAI's clients know this number for what cannot come. */
    public static float finite(float logprob) {
        return Math.max(logprob, -9999f);
    }

    /** {@code usage} of one or more answers to one prompt. */
    public static ObjectNode usage(List<TokenUsage> usages) {
        int prompt = usages.getFirst().promptTokens();
        int completion = usages.stream().mapToInt(TokenUsage::completionTokens).sum();
        ObjectNode usage = Json.object();
        usage.put("prompt_tokens", prompt);
        usage.put("completion_tokens", completion);
        usage.put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", usages.getFirst().cachedTokens());
        return usage;
    }
}
