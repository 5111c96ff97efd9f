package dev.snoozy.compress.perplexity;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What was measured.
 *
 * @param chunkSize tokens per chunk
 * @param tokens that were scored
 * @param running perplexity of all chunks so far, after each
 * @param perplexity of all
 * @param divergence from the base, if there was one
 */
public record PerplexityResult(
        int chunkSize,
        int tokens,
        List<Double> running,
        Estimate perplexity,
        @Nullable Divergence divergence) {
    public PerplexityResult {
        running = List.copyOf(running);
    }
}
