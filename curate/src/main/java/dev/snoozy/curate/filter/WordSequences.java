package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;

import org.jspecify.annotations.Nullable;

/** How far a text repeats its sequences of words. Asked for growing sequences. One thread. */
final class WordSequences {
    private final String text;
    private final int[] words;

    /** Whether the shorter sequences of the last question left something for longer ones. */
    private boolean anyTop = true;

    private boolean anyAgain = true;

    /** Characters before each word: most texts repeat so little that nobody asks. */
    private int @Nullable [] before;

    /**
     * @param words hashes of the text's words
     */
    WordSequences(String text, int[] words) {
        this.text = text;
        this.words = words;
    }

    /**
     * The share of characters in the most frequent sequence of {@code n} words, if it is there
     * three times and more. A sequence is as frequent as its beginning at most, so that of longer
     * ones there is none if of shorter ones there was none.
     */
    double top(int n) {
        if (!anyTop) {
            return 0;
        }
        HashCounts counts = new HashCounts(words.length);
        int most = 0;
        for (int i = 0; i + n <= words.length; i++) {
            int count = counts.add(hash(words, i, n));
            if (count >= 3) {
                most = Math.max(most, count * characters(i, i + n));
            }
        }
        anyTop = most > 0;
        return anyTop ? most / (double) characters(0, words.length) : 0;
    }

    /** The share of characters of words within a sequence that came before, each word once. */
    double again(int n) {
        if (!anyAgain) {
            return 0;
        }
        HashCounts counts = new HashCounts(words.length);
        int characters = 0;
        int counted = 0;
        for (int i = 0; i + n <= words.length; i++) {
            if (counts.add(hash(words, i, n)) > 1) {
                characters += characters(Math.max(i, counted), i + n);
                counted = i + n;
            }
        }
        anyAgain = characters > 0;
        return anyAgain ? characters / (double) characters(0, words.length) : 0;
    }

    private int characters(int start, int end) {
        if (before == null) {
            before = new int[words.length + 1];
            int i = 0;
            for (String word : Normaliser.words(text)) {
                before[i + 1] = before[i] + word.length();
                i++;
            }
        }
        return before[end] - before[start];
    }

    /** What stands for a sequence: 64 bits. */
    static long hash(int[] words, int start, int n) {
        long hash = n;
        for (int i = start; i < start + n; i++) {
            hash = (hash ^ words[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
