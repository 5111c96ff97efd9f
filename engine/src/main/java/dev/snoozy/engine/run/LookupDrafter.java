package dev.snoozy.engine.run;

import java.util.Arrays;

/**
 * Guesses what came after the last few tokens of the text where they stand earlier in it: the
 * longest such end, and its latest place (prompt lookup decoding, Saxena 2023).
 */
final class LookupDrafter implements Drafter {
    private static final int LONGEST = 4;

    /** A single token stands in too many places to say anything. */
    private static final int SHORTEST = 2;

    @Override
    public int[] guess(int[] text, int length, int most) {
        for (int words = LONGEST; words >= SHORTEST; words--) {
            int end = length - words;
            for (int from = end - 1; from >= 0; from--) {
                if (Arrays.equals(text, from, from + words, text, end, length)) {
                    return after(text, from + words, length, most);
                }
            }
        }
        return NONE;
    }

    /**
     * What stands from a place on; where the text ends it goes round, as what repeats itself does.
     */
    private static int[] after(int[] text, int from, int length, int most) {
        int[] guess = new int[most];
        for (int i = 0; i < most; i++) {
            guess[i] = text[from + i % (length - from)];
        }
        return guess;
    }

    @Override
    public void close() {}
}
