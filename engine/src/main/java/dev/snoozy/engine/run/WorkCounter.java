package dev.snoozy.engine.run;

import dev.snoozy.engine.WorkTotals;

/** Counts what a scheduler has done. Used by its thread only. */
final class WorkCounter {
    private long promptTokens;
    private long promptNanos;
    private long generatedTokens;
    private long generationNanos;
    private long batches;
    private long batchTexts;
    private long longestText;
    private long guessedTokens;
    private long rightGuesses;

    /** A prompt was evaluated. */
    void prompt(int tokens, long nanos) {
        promptTokens += tokens;
        promptNanos += nanos;
    }

    /** Tokens were generated. */
    void generated(int tokens, long nanos) {
        generatedTokens += tokens;
        generationNanos += nanos;
    }

    /** Tokens were guessed, and some of them rightly. */
    void guesses(int tried, int right) {
        guessedTokens += tried;
        rightGuesses += right;
    }

    /** A text has come to so many tokens. */
    void length(int tokens) {
        longestText = Math.max(longestText, tokens);
    }

    /** A batch was evaluated, with rows of so many texts. */
    void batch(int texts) {
        batches++;
        batchTexts += texts;
    }

    WorkTotals totals() {
        return new WorkTotals(
                promptTokens,
                promptNanos,
                generatedTokens,
                generationNanos,
                batches,
                batchTexts,
                longestText,
                guessedTokens,
                rightGuesses);
    }
}
