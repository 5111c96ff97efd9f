package dev.snoozy.curate.decontaminate;

import java.util.Arrays;

/** For each of many hashes the numbers that were put under it. */
final class HashLists {
    private long[] keys = new long[1024];
    private int[] heads = new int[1024];
    private int[] values = new int[512];
    private int[] next = new int[512];
    private int used;
    private int entries;

    HashLists() {
        Arrays.fill(heads, -1);
    }

    /** Puts a number under a hash, once if it is the same as the last one there. */
    void add(long key, int value) {
        int slot = slot(key);
        if (heads[slot] >= 0 && values[heads[slot]] == value) {
            return;
        }
        if (entries == values.length) {
            values = Arrays.copyOf(values, entries * 2);
            next = Arrays.copyOf(next, entries * 2);
        }
        boolean isNew = heads[slot] < 0;
        values[entries] = value;
        next[entries] = heads[slot];
        keys[slot] = key;
        heads[slot] = entries++;
        if (isNew && ++used > keys.length / 2) {
            grow();
        }
    }

    /** The first entry of a hash, or -1. */
    int first(long key) {
        return heads[slot(key)];
    }

    /** The entry after this one, or -1. */
    int after(int entry) {
        return next[entry];
    }

    int value(int entry) {
        return values[entry];
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key ^ key >>> 32) & mask;
        while (heads[slot] >= 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldHeads = heads;
        keys = new long[oldKeys.length * 2];
        heads = new int[keys.length];
        Arrays.fill(heads, -1);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldHeads[i] >= 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                heads[slot] = oldHeads[i];
            }
        }
    }
}
