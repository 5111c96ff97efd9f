package dev.snoozy.curate.dedup;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Makes {@link Sketch}es. Each thread has its own; two of them make the same sketch of the same
 * row.
 */
public final class Sketcher {
    private final boolean[] wanted = new boolean[Field.values().length];
    private final NormalText text = new NormalText();
    private final MinHash minHash = new MinHash();
    private final int[] count = new int[1];
    private int[] words = new int[1024];
    private long[] shingles = new long[1024];
    private char[] chars = new char[1024];

    /**
     * @param fields the parts whose candidates will be asked for
     */
    public Sketcher(Set<Field> fields) {
        for (Field field : fields) {
            wanted[field.ordinal()] = true;
        }
    }

    /** For all that a rule needs. */
    public static Sketcher of(DuplicateRule rule) {
        return new Sketcher(EnumSet.of(rule.candidates()));
    }

    /** The sketch of a row. A single text is a response without a prompt. */
    public Sketch sketch(CharSequence prompt, CharSequence response) {
        Hash128 rawPrompt = raw(prompt);
        int promptWords = words(prompt, 0);
        Hash128 normalPrompt = Hash128.of(text.chars, text.length);
        Hash128 raw = rawPrompt.with(raw(response));
        int all = promptWords + words(response, promptWords);
        Hash128 normal = normalPrompt.with(Hash128.of(text.chars, text.length));
        long[] @Nullable [] bands = new long[wanted.length] @Nullable [];
        bands[0] = wanted[0] ? bands(0, promptWords) : null;
        bands[1] = wanted[1] ? bands(promptWords, all - promptWords) : null;
        bands[2] = wanted[2] ? bands(0, all) : null;
        return new Sketch(
                normal,
                raw,
                prompt.length() + response.length(),
                Arrays.copyOf(words, all),
                promptWords,
                bands);
    }

    /** Reads the words of what {@link #raw} has read, and its normal form; gives their number. */
    private int words(CharSequence given, int start) {
        int n = given.length();
        if (!text.setAscii(chars, n)) {
            words = WordScanner.hashes(text.set(given), true, words, start, count);
            return count[0];
        }
        if (words.length < start + n) {
            words = Arrays.copyOf(words, start + n);
        }
        return AsciiWords.hashes(chars, n, true, words, start);
    }

    private Hash128 raw(CharSequence given) {
        int n = given.length();
        if (chars.length < n) {
            chars = new char[n];
        }
        if (given instanceof String string) {
            string.getChars(0, n, chars, 0);
        } else {
            for (int i = 0; i < n; i++) {
                chars[i] = given.charAt(i);
            }
        }
        return Hash128.of(chars, n);
    }

    private long[] bands(int start, int count) {
        int most = Shingles.count(count);
        if (shingles.length < most) {
            shingles = new long[most];
        }
        return minHash.bands(shingles, Shingles.fill(words, start, count, shingles));
    }
}
