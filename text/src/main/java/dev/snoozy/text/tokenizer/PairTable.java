package dev.snoozy.text.tokenizer;

/**
 * A hash table from pairs of symbols to what {@link Merger} needs to know of them. Filled by one
 * thread, then read by any.
 */
final class PairTable {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** A pair plus one, so that 0 is free. */
    private final long[] keys;

    private final long[] values;

    /**
     * @param most how many pairs there will be at most
     */
    PairTable(int most) {
        int slots = Integer.highestOneBit(Math.max(8, Math.addExact(most, most / 2))) * 2;
        keys = new long[slots];
        values = new long[slots];
    }

    /** Adds a pair; the first of equal pairs stays. */
    void putIfAbsent(int left, int right, long value) {
        long key = key(left, right);
        int slot = slot(key);
        if (keys[slot] == 0) {
            keys[slot] = key;
            values[slot] = value;
        }
    }

    /** The value of a pair, or {@link Merger#NONE}. */
    long get(int left, int right) {
        long key = key(left, right);
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : Merger.NONE;
    }

    private static long key(int left, int right) {
        return ((long) left << 32 | right) + 1;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        long mixed = key * MULTIPLIER;
        int slot = (int) (mixed >>> 32 ^ mixed >>> 52) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
