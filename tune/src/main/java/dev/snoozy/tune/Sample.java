package dev.snoozy.tune;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text to learn from.
 *
 * @param tokens at least two
 * @param learnt of each token whether it is to be predicted by those before it; the first never is
 */
record Sample(int[] tokens, boolean[] learnt) {
    Sample {
        if (tokens.length < 2 || tokens.length != learnt.length) {
            throw new IllegalArgumentException(
                    "a text to learn from has 2 tokens or more, each with its mark; found "
                            + tokens.length
                            + " and "
                            + learnt.length);
        }
    }

    /** A text whose every token is learnt. */
    static Sample all(int[] tokens) {
        boolean[] learnt = new boolean[tokens.length];
        Arrays.fill(learnt, true);
        return new Sample(tokens, learnt);
    }

    /** What goes in: all tokens but the last. */
    int[] inputs() {
        return Arrays.copyOf(tokens, tokens.length - 1);
    }

    /** The rows of the inputs whose next token is learnt. */
    int[] rows() {
        return IntStream.range(0, tokens.length - 1).filter(i -> learnt[i + 1]).toArray();
    }

    /** Tokens that are learnt. */
    int targets() {
        return rows().length;
    }
}
