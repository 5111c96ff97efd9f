package dev.snoozy.curate.dedup;

import java.util.Arrays;

/**
 * Finds hashes that have been there before. 28 bytes for each different one (and half as much again
 * while it grows). The first that is added is the original: who wants a result without regard to
 * the order of files adds in an order of content, as {@link NearDuplicates} does. One thread.
 */
public final class ExactDuplicates {
    private long[] high = new long[16];
    private long[] low = new long[16];
    private int[] rows = new int[16];
    private int[] table = new int[64];
    private int size;
    private int added;

    public ExactDuplicates() {
        Arrays.fill(table, -1);
    }

    /**
     * Adds the hash of the next row; rows count from 0.
     *
     * @return the first row that had it: this row itself if it is new
     */
    public int add(Hash128 hash) {
        int row = added++;
        int mask = table.length - 1;
        int slot = (int) Mix.mix64(hash.low() ^ hash.high()) & mask;
        while (table[slot] >= 0) {
            int entry = table[slot];
            if (high[entry] == hash.high() && low[entry] == hash.low()) {
                return rows[entry];
            }
            slot = (slot + 1) & mask;
        }
        if (size == rows.length) {
            int larger = Math.max(size + 1, size + (size >> 1));
            high = Arrays.copyOf(high, larger);
            low = Arrays.copyOf(low, larger);
            rows = Arrays.copyOf(rows, larger);
        }
        high[size] = hash.high();
        low[size] = hash.low();
        rows[size] = row;
        table[slot] = size++;
        if (size > table.length / 2) {
            grow();
        }
        return row;
    }

    /** How many different hashes there were. */
    public int distinct() {
        return size;
    }

    private void grow() {
        table = new int[table.length * 2];
        Arrays.fill(table, -1);
        int mask = table.length - 1;
        for (int entry = 0; entry < size; entry++) {
            int slot = (int) Mix.mix64(low[entry] ^ high[entry]) & mask;
            while (table[slot] >= 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = entry;
        }
    }
}
