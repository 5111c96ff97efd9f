package dev.snoozy.engine;

/**
 * Counts of tokens.
 *
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them that were still in memory from an earlier turn or another text,
 *     and were not evaluated again
 * @param completionTokens tokens that were generated
 */
public record TokenUsage(int promptTokens, int cachedTokens, int completionTokens) {
    /** Tokens of prompt and answer. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
