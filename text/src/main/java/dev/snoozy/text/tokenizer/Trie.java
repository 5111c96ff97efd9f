package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/**
 * A tree of strings. A node is a number; its edges lie in one hash table for all. Filled by one
 * thread, then read by any.
 */
final class Trie {
    static final int ROOT = 0;
    static final int NONE = -1;

    /** 2^64 divided by the golden ratio: spreads the keys over the table. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** Open addressing: node in the upper half, letter plus one in the lower; 0 is free. */
    private long[] keys;

    private int[] children;
    private int[] values = new int[64];
    private int nodes = 1;

    /**
     * @param expected about how many nodes there will be
     */
    Trie(int expected) {
        int slots = Integer.highestOneBit(Math.max(16, expected)) * 4;
        keys = new long[slots];
        children = new int[slots];
        Arrays.fill(values, NONE);
    }

    /** The node that a letter (a byte or a char) leads to, or {@link #NONE}. */
    int child(int node, int letter) {
        long key = key(node, letter);
        int slot = slot(key);
        return keys[slot] == key ? children[slot] : NONE;
    }

    /** The node that a letter leads to, made if missing. */
    int childOrNew(int node, int letter) {
        long key = key(node, letter);
        int slot = slot(key);
        if (keys[slot] == key) {
            return children[slot];
        }
        if (3L * nodes > 2L * keys.length) {
            grow();
            slot = slot(key);
        }
        if (nodes == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(nodes, 2));
            Arrays.fill(values, nodes, values.length, NONE);
        }
        keys[slot] = key;
        children[slot] = nodes;
        return nodes++;
    }

    /** Adds a string of bytes with its value. */
    void put(byte[] string, int value) {
        int node = ROOT;
        for (byte letter : string) {
            node = childOrNew(node, letter);
        }
        setValue(node, value);
    }

    /** What belongs to the string that ends here, or {@link #NONE}. */
    int value(int node) {
        return values[node];
    }

    void setValue(int node, int value) {
        values[node] = value;
    }

    private static long key(int node, int letter) {
        return (long) node << 32 | (letter & 0xFFFF) + 1;
    }

    /** Where a key is, or the free place where it belongs. */
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * MULTIPLIER >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldChildren = children;
        keys = new long[Math.multiplyExact(oldKeys.length, 2)];
        children = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                children[slot] = oldChildren[i];
            }
        }
    }
}
