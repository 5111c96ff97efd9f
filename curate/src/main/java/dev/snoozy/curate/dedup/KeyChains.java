package dev.snoozy.curate.dedup;

import java.util.Arrays;

/**
 * Rows by the key that they have in one band. All are first parted by their highest bits, so that
 * the table of a part stays in the processor's cache (Manegold, Boncz and Kersten 2002, radix
 * clustering).
 */
final class KeyChains {
    /** A part has about so many rows. */
    private static final int PART_BITS = 12;

    private static final int MOST_BITS = 12;

    private final int bits;
    private final int[] starts; // [parts + 1]
    private final long[] keys; // [rows], part by part
    private final int[] numbers; // [rows], those of the rows
    private final int[] next; // [rows of the largest part], the row before with the same key, or -1
    private final int[] heads; // a hash table of a part: the last row of a key, or -1
    private int start;

    /**
     * Parts rows by a key.
     *
     * @param rows with their keys
     * @param column of the key
     * @param numbers what a row is to be called; negative for one that is left out
     * @param count of those that are not
     */
    KeyChains(Rows rows, int column, int[] numbers, int count) {
        bits = Math.clamp(32 - Integer.numberOfLeadingZeros(count >>> PART_BITS), 0, MOST_BITS);
        starts = new int[(1 << bits) + 1];
        keys = new long[count];
        this.numbers = new int[count];
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] >= 0) {
                starts[part(rows.get(row, column)) + 1]++;
            }
        }
        int largest = 0;
        for (int part = 1; part < starts.length; part++) {
            largest = Math.max(largest, starts[part]);
            starts[part] += starts[part - 1];
        }
        int[] ends = starts.clone();
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] >= 0) {
                long key = rows.get(row, column);
                int at = ends[part(key)]++;
                keys[at] = key;
                this.numbers[at] = numbers[row];
            }
        }
        next = new int[largest];
        heads = new int[4 * Integer.highestOneBit(Math.max(1, largest))];
    }

    private int part(long key) {
        return bits == 0 ? 0 : (int) (key >>> 64 - bits);
    }

    int parts() {
        return starts.length - 1;
    }

    /** Chains the rows of a part; {@link #members} then has them by any slot of {@link #slots}. */
    void chain(int part) {
        Arrays.fill(heads, -1);
        start = starts[part];
        int mask = heads.length - 1;
        for (int i = 0; i < starts[part + 1] - start; i++) {
            long key = keys[start + i];
            int slot = (int) key & mask;
            while (heads[slot] >= 0 && keys[start + heads[slot]] != key) {
                slot = slot + 1 & mask;
            }
            next[i] = heads[slot];
            heads[slot] = i;
        }
    }

    int slots() {
        return heads.length;
    }

    /** Whether at least two rows have the key of a slot. */
    boolean isShared(int slot) {
        return heads[slot] >= 0 && next[heads[slot]] >= 0;
    }

    /** The numbers of the rows that have the key of a slot, ascending. */
    int[] members(int slot) {
        int count = 0;
        for (int i = heads[slot]; i >= 0; i = next[i]) {
            count++;
        }
        int[] members = new int[count];
        for (int i = heads[slot]; i >= 0; i = next[i]) {
            members[--count] = numbers[start + i];
        }
        Arrays.sort(members);
        return members;
    }
}
