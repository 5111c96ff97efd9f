package dev.snoozy.curate.map;

import dev.snoozy.curate.dedup.WordReader;

import java.util.Arrays;

/**
 * The terms of a text: its words and pairs of words, as places in a {@link TermTable}. One thread.
 */
final class TermReader {
    private final WordReader reader = new WordReader(false);
    private int[] terms = new int[256];

    /** Reads a text and gives the number of its terms. */
    int read(CharSequence text) {
        int[] words = reader.read(text.toString());
        int n = Math.max(0, 2 * words.length - 1);
        if (terms.length < n) {
            terms = new int[n];
        }
        for (int i = 0; i < words.length; i++) {
            terms[i] = place(words[i] * 0x9E3779B97F4A7C15L);
        }
        for (int i = 0; i + 1 < words.length; i++) {
            terms[words.length + i] = place((words[i] * 0xD1B54A32D192ED03L) ^ words[i + 1]);
        }
        Arrays.sort(terms, 0, n);
        return n;
    }

    private static int place(long hash) {
        long mixed = (hash ^ hash >>> 32) * 0xBF58476D1CE4E5B9L;
        return (int) (mixed >>> 64 - TermTable.BUCKET_BITS);
    }

    /** The terms of the last text, ascending, repeated as often as they occur. */
    int[] terms() {
        return terms;
    }
}
