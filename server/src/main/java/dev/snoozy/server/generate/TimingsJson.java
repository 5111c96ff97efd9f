package dev.snoozy.server.generate;

import dev.snoozy.engine.Generation;
import dev.snoozy.engine.Timings;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

/**
 * {@code timings} of an answer, by llama.cpp's names, from which clients read tokens per second.
 */
public final class TimingsJson {
    private TimingsJson() {}

    /** The timings of an answer. */
    public static ObjectNode of(Generation generation) {
        Timings times = generation.timings();
        int cached = generation.usage().cachedTokens();
        int evaluated = generation.usage().promptTokens() - cached;
        int generated = generation.usage().completionTokens();
        ObjectNode node = Json.object();
        node.put("cache_n", cached);
        node.put("prompt_n", evaluated);
        node.put("prompt_ms", times.promptMillis());
        node.put("prompt_per_token_ms", evaluated == 0 ? 0 : times.promptMillis() / evaluated);
        node.put("prompt_per_second", times.promptPerSecond());
        node.put("predicted_n", generated);
        node.put("predicted_ms", times.generationMillis());
        node.put(
                "predicted_per_token_ms",
                generated == 0 ? 0 : times.generationMillis() / generated);
        node.put("predicted_per_second", times.generatedPerSecond());
        return node;
    }
}
