package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/**
 * A hash table from byte strings to symbols. The strings lie one after the other in one array; a
 * symbol is the position of its string. Filled by one thread, then read by any.
 */
final class TokenTable {
    static final int NONE = -1;

    /** An odd number with its bits well mixed (2^64 divided by the golden ratio). */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private static final byte[] EMPTY = {};

    private byte[] pool;
    private int[] start;
    private int size;
    private int longest;

    /** Open addressing: the hash in the upper half, the symbol plus one in the lower. */
    private long[] slots;

    TokenTable(int expected) {
        pool = new byte[Math.max(64, expected * 8)];
        start = new int[expected + 2];
        slots = new long[Integer.highestOneBit(Math.max(8, expected) * 2) * 2];
    }

    /** Adds a symbol that no look-up finds. */
    int addHidden() {
        return append(EMPTY, 0, 0);
    }

    /** Adds a symbol. If the string is there already, look-ups go on finding the older symbol. */
    int add(byte[] bytes, int from, int to) {
        int symbol = append(bytes, from, to);
        longest = Math.max(longest, to - from);
        if (2L * size > slots.length) {
            grow();
        }
        insert(hash(bytes, from, to), symbol);
        return symbol;
    }

    /** The symbol of a string, or {@link #NONE}. */
    int find(byte[] bytes, int from, int to) {
        if (to - from > longest) {
            return NONE;
        }
        return find(hash(bytes, from, to), bytes, from, to);
    }

    /** The symbol of a string, added if it is new. */
    int findOrAdd(byte[] bytes, int from, int to) {
        int symbol = find(bytes, from, to);
        return symbol >= 0 ? symbol : add(bytes, from, to);
    }

    private int find(int hash, byte[] bytes, int from, int to) {
        int mask = slots.length - 1;
        for (int i = hash & mask; slots[i] != 0; i = (i + 1) & mask) {
            if ((int) (slots[i] >>> 32) == hash) {
                int symbol = (int) slots[i] - 1;
                if (Arrays.equals(pool, start[symbol], start[symbol + 1], bytes, from, to)) {
                    return symbol;
                }
            }
        }
        return NONE;
    }

    private void insert(int hash, int symbol) {
        int mask = slots.length - 1;
        int i = hash & mask;
        while (slots[i] != 0) {
            i = (i + 1) & mask;
        }
        slots[i] = (long) hash << 32 | (symbol + 1);
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long slot : old) {
            if (slot != 0) {
                insert((int) (slot >>> 32), (int) slot - 1);
            }
        }
    }

    private int append(byte[] bytes, int from, int to) {
        int at = start[size];
        int end = Math.addExact(at, to - from);
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * end));
        }
        System.arraycopy(bytes, from, pool, at, to - from);
        if (size + 2 > start.length) {
            start = Arrays.copyOf(start, start.length * 2);
        }
        start[size + 1] = end;
        return size++;
    }

    static int hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        return (int) (hash >>> 32 ^ hash);
    }
}
