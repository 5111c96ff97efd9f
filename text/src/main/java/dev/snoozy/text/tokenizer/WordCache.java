package dev.snoozy.text.tokenizer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Remembers the tokens of short words. A fixed number of places; a new word takes the place of an
 * older one with the same hash. Thread-safe without locks: entries are immutable, and an entry that
 * another thread overwrites is only lost, never wrong.
 */
final class WordCache {
    /** Longer words are rare, and would let the cache grow large. */
    static final int LONGEST_WORD = 32;

    private static final int PLACES = 1 << 14;

    private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];

    private record Entry(byte[] word, int[] ids) {}

    /** The tokens of a word, or null if they are not known. */
    int @Nullable [] get(int hash, byte[] text, int from, int to) {
        Entry entry = entries[hash & (PLACES - 1)];
        if (entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)) {
            return entry.ids;
        }
        return null;
    }

    void put(int hash, byte[] text, int from, int to, int[] ids) {
        entries[hash & (PLACES - 1)] = new Entry(Arrays.copyOfRange(text, from, to), ids);
    }
}
