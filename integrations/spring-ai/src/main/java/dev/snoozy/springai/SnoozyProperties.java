package dev.snoozy.springai;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties {@code snoozy.chat.*} and {@code snoozy.embedding.*} of an application of Spring
 * Boot.
 */
@ConfigurationProperties("snoozy")
record SnoozyProperties(@Nullable Chat chat, @Nullable Embedding embedding) {
    /**
     * A chat model. What is null is as the engine's defaults have it.
     *
     * @param model the path of its GGUF file
     * @param contextLength the most tokens of a conversation
     * @param threads threads that compute
     * @param maxTokens the most tokens of an answer
     * @param contextPolicy what becomes of a conversation that is too long
     */
    record Chat(
            String model,
            @Nullable Integer contextLength,
            @Nullable Integer threads,
            @Nullable Integer maxTokens,
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Double minP,
            @Nullable Long seed,
            @Nullable ContextPolicy contextPolicy) {
        SnoozyChatOptions options() {
            return SnoozyChatOptions.builder()
                    .maxTokens(maxTokens)
                    .temperature(temperature)
                    .topK(topK)
                    .topP(topP)
                    .minP(minP)
                    .seed(seed)
                    .contextPolicy(contextPolicy)
                    .build();
        }

        LoadOptions loading() {
            return SnoozyProperties.loading(contextLength, threads);
        }
    }

    /**
     * An embedding model. What is null is as the engine's defaults have it.
     *
     * @param model the path of its GGUF file
     * @param contextLength the most tokens of a text
     * @param threads threads that compute
     * @param dimensions how many of the first numbers of a vector are kept
     * @param retrieval see {@link SnoozyEmbeddingModel.Builder#retrieval}
     */
    record Embedding(
            String model,
            @Nullable Integer contextLength,
            @Nullable Integer threads,
            @Nullable Integer dimensions,
            boolean retrieval) {
        LoadOptions loading() {
            return SnoozyProperties.loading(contextLength, threads);
        }
    }

    private static LoadOptions loading(@Nullable Integer contextLength, @Nullable Integer threads) {
        LoadOptions options = LoadOptions.defaults();
        if (contextLength != null) {
            options = options.withContextLength(contextLength);
        }
        return threads == null ? options : options.withThreads(threads);
    }
}
