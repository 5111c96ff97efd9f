package dev.snoozy.curate.dedup;

import java.util.Arrays;

/** Sequences of five words, as hashes. A shorter text is one shingle; none has none. */
final class Shingles {
    static final int WORDS = 5;

    private static final long FACTOR = 0xD1B54A32D192ED03L;
    private static final long LAST = power(WORDS);

    private Shingles() {}

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= FACTOR;
        }
        return power;
    }

    /** How many there are at most in so many words. */
    static int count(int words) {
        return words == 0 ? 0 : Math.max(1, words - WORDS + 1);
    }

    /**
     * The shingles in the order of the text.
     *
     * @param words hashes, from {@code start} on
     * @param into room for {@link #count}
     * @return how many
     */
    static int fill(int[] words, int start, int count, long[] into) {
        if (count == 0) {
            return 0;
        }
        long window = 0;
        int first = Math.min(count, WORDS);
        for (int i = 0; i < first; i++) {
            window = window * FACTOR + words[start + i];
        }
        if (count < WORDS) {
            into[0] = Mix.mix64(window + count);
            return 1;
        }
        into[0] = Mix.mix64(window);
        for (int i = WORDS; i < count; i++) {
            window = window * FACTOR + words[start + i] - LAST * words[start + i - WORDS];
            into[i - WORDS + 1] = Mix.mix64(window);
        }
        return count - WORDS + 1;
    }

    /** The set: ascending, each once. */
    static long[] set(int[] words, int start, int count) {
        long[] all = new long[count(count)];
        int n = fill(words, start, count, all);
        Arrays.sort(all, 0, n);
        int kept = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[kept++] = all[i];
            }
        }
        return kept == n ? all : Arrays.copyOf(all, kept);
    }

    /** The Jaccard index of two sets. */
    static double similarity(long[] a, long[] b) {
        if (a.length == 0 && b.length == 0) {
            return 1;
        }
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            long difference = Long.compare(a[i], b[j]);
            if (difference == 0) {
                common++;
                i++;
                j++;
            } else if (difference < 0) {
                i++;
            } else {
                j++;
            }
        }
        return (double) common / (a.length + b.length - common);
    }

    /** Whether two sets can be that similar, by their sizes alone. */
    static boolean canReach(double similarity, long[] a, long[] b) {
        int small = Math.min(a.length, b.length);
        int large = Math.max(a.length, b.length);
        return small >= similarity * large;
    }
}
