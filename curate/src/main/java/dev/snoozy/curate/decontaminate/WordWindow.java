package dev.snoozy.curate.decontaminate;

/** The hashes of all parts of a sequence of words, each found in constant time. */
final class WordWindow {
    static final int LONGEST = TestItems.FRAGMENT;

    private static final long FACTOR = 0xD1342543DE82EF95L;
    private static final long[] POWERS = new long[LONGEST + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i <= LONGEST; i++) {
            POWERS[i] = POWERS[i - 1] * FACTOR;
        }
    }

    private final long[] sums;

    WordWindow(int[] words) {
        sums = new long[words.length + 1];
        for (int i = 0; i < words.length; i++) {
            sums[i + 1] = sums[i] * FACTOR + words[i];
        }
    }

    int words() {
        return sums.length - 1;
    }

    /** The hash of {@code count} words, {@link #LONGEST} at most. */
    long hash(int start, int count) {
        long hash = sums[start + count] - sums[start] * POWERS[count];
        hash = (hash ^ hash >>> 29 ^ count) * 0xBF58476D1CE4E5B9L;
        return hash ^ hash >>> 32;
    }
}
