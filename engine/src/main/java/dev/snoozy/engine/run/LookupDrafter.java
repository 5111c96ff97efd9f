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
                    int next = from + words;
                    return Arrays.copyOfRange(text, next, Math.min(length, next + most));
                }
            }
        }
        return NONE;
    }

    @Override
    public void close() {}
}
