package dev.snoozy.eval;

/**
 * The tokens of a text with the part that is scored.
 *
 * @param tokens all of the text, beginning token included
 * @param from the first scored token
 * @param to the end of the scored tokens
 */
record Continuation(int[] tokens, int from, int to) {
    /** The tokens that the model reads: all but the last scored one, the last {@code most}. */
    int read(int most) {
        return Math.min(most, to - 1);
    }

    /** Tokens at the beginning that are left out because the context has no room for them. */
    int dropped(int most) {
        return to - 1 - read(most);
    }
}
