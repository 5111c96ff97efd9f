package dev.snoozy.curate.dedup;

import java.util.Arrays;

/**
 * Reads texts as hashes of their words, for what compares sequences of words. Each thread has its
 * own.
 */
public final class WordReader {
    private final boolean symbols;
    private final NormalText text = new NormalText();
    private final int[] count = new int[1];
    private char[] chars = {};
    private int[] words = {};

    /**
     * @param symbols whether symbols are words and apostrophes join, as {@link Normaliser}
     *     describes; otherwise whatever is no letter or digit only separates words
     */
    public WordReader(boolean symbols) {
        this.symbols = symbols;
    }

    /** The words of a text, 32 bits each, in order. */
    public int[] read(String raw) {
        int n = raw.length();
        if (chars.length < n) {
            chars = new char[Math.max(n, chars.length * 2)];
            words = new int[chars.length];
        }
        raw.getChars(0, n, chars, 0);
        int found = AsciiWords.hashes(chars, n, symbols, words, 0);
        if (found >= 0) {
            return Arrays.copyOf(words, found);
        }
        words = WordScanner.hashes(text.set(raw), symbols, words, 0, count);
        return Arrays.copyOf(words, count[0]);
    }
}
