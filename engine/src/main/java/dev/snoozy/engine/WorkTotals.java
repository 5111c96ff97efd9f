package dev.snoozy.engine;

/**
 * What a model has done since it was loaded. Texts count when they have ended, also where they were
 * cancelled.
 *
 * @param promptTokens tokens of prompts and of texts for embeddings that were evaluated
 * @param promptNanos from the request to the first generated token, summed over the texts
 * @param generatedTokens tokens that were generated
 * @param generationNanos from the first generated token to the last, summed over the texts
 * @param batches that were evaluated
 * @param batchTexts texts that had a part in them, summed over the batches
 * @param longestText the most tokens that a text came to
 * @param guessedTokens tokens that were guessed and judged ({@link Speculation})
 * @param rightGuesses those of them that were what the model chose; they are among the generated
 */
public record WorkTotals(
        long promptTokens,
        long promptNanos,
        long generatedTokens,
        long generationNanos,
        long batches,
        long batchTexts,
        long longestText,
        long guessedTokens,
        long rightGuesses) {
    /** Nothing done. */
    public static final WorkTotals NONE = new WorkTotals(0, 0, 0, 0, 0, 0, 0);

    /** Work in which nothing was guessed. */
    public WorkTotals(
            long promptTokens,
            long promptNanos,
            long generatedTokens,
            long generationNanos,
            long batches,
            long batchTexts,
            long longestText) {
        this(
                promptTokens,
                promptNanos,
                generatedTokens,
                generationNanos,
                batches,
                batchTexts,
                longestText,
                0,
                0);
    }

    /** What two models have done. */
    public WorkTotals plus(WorkTotals other) {
        return new WorkTotals(
                promptTokens + other.promptTokens,
                promptNanos + other.promptNanos,
                generatedTokens + other.generatedTokens,
                generationNanos + other.generationNanos,
                batches + other.batches,
                batchTexts + other.batchTexts,
                Math.max(longestText, other.longestText),
                guessedTokens + other.guessedTokens,
                rightGuesses + other.rightGuesses);
    }
}
