package dev.snoozy.curate.dedup;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What the search for duplicates needs to know of a row: hashes of its texts, of their words, and
 * the keys of its bands. Made by a {@link Sketcher}; immutable, and the same on every machine.
 */
public final class Sketch {
    final Hash128 normal;
    final Hash128 raw;
    final int length;
    final int[] words;
    final int promptWords;
    private final long[] @Nullable [] bands;

    Sketch(
            Hash128 normal,
            Hash128 raw,
            int length,
            int[] words,
            int promptWords,
            long[] @Nullable [] bands) {
        this.normal = normal;
        this.raw = raw;
        this.length = length;
        this.words = words;
        this.promptWords = promptWords;
        this.bands = bands;
    }

    /** What exact duplicates share: a hash of the normalised prompt and the normalised response. */
    public Hash128 normal() {
        return normal;
    }

    /** A hash of prompt and response as they are. */
    public Hash128 raw() {
        return raw;
    }

    /** Characters of prompt and response as they are. */
    public int length() {
        return length;
    }

    /** Words of prompt and response. */
    public int words() {
        return words.length;
    }

    /**
     * The 14 keys of a part: rows that have the same key at the same place are candidates.
     *
     * @throws IllegalArgumentException if the sketcher was not asked for this part
     */
    public long[] bands(Field field) {
        return keys(field).clone();
    }

    long[] keys(Field field) {
        long[] keys = bands[field.ordinal()];
        if (keys == null) {
            throw new IllegalArgumentException(
                    "a sketch without " + field + "; cure: name it when the sketcher is made");
        }
        return keys;
    }

    /**
     * The similarity of a part of two rows, as {@link DuplicateRule} defines it.
     *
     * @return 0 to 1
     */
    public double similarity(Sketch other, Field field) {
        return Shingles.similarity(set(field), other.set(field));
    }

    private long[] set(Field field) {
        return switch (field) {
            case PROMPT -> Shingles.set(words, 0, promptWords);
            case RESPONSE -> Shingles.set(words, promptWords, words.length - promptWords);
            case BOTH -> Shingles.set(words, 0, words.length);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sketch s
                && normal.equals(s.normal)
                && raw.equals(s.raw)
                && length == s.length
                && promptWords == s.promptWords
                && Arrays.equals(words, s.words)
                && Arrays.deepEquals(bands, s.bands);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }
}
