package dev.snoozy.cli.run;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.engine.Generation;
import dev.snoozy.engine.WorkTotals;

import java.util.List;
import java.util.Locale;

/** What {@code run --json} prints. */
record RunResult(
        String text,
        @JsonProperty("prompt_tokens") List<Integer> promptTokens,
        List<Integer> tokens,
        List<Float> logprobs,
        @JsonProperty("finish_reason") String finishReason,
        long seed,
        Usage usage,
        Times timings,
        Guesses speculation) {

    record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens) {}

    record Times(
            @JsonProperty("load_ms") double loadMillis,
            @JsonProperty("prompt_ms") double promptMillis,
            @JsonProperty("predicted_ms") double predictedMillis,
            @JsonProperty("prompt_per_second") double promptPerSecond,
            @JsonProperty("predicted_per_second") double predictedPerSecond) {}

    record Guesses(long guessed, long right) {}

    static RunResult of(Generation g, double loadMillis, WorkTotals work) {
        return new RunResult(
                g.text(),
                g.promptTokens(),
                g.tokens(),
                g.logprobs(),
                g.finishReason().name().toLowerCase(Locale.ROOT),
                g.seed(),
                new Usage(
                        g.usage().promptTokens(),
                        g.usage().completionTokens(),
                        g.usage().totalTokens()),
                new Times(
                        loadMillis,
                        g.timings().promptMillis(),
                        g.timings().generationMillis(),
                        g.timings().promptPerSecond(),
                        g.timings().generatedPerSecond()),
                new Guesses(work.guessedTokens(), work.rightGuesses()));
    }
}
