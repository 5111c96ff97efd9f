package dev.snoozy.curate.dedup;

import java.util.Arrays;

/** The numbers of many rows, in blocks, so that growing never copies them all. One thread adds. */
final class Rows {
    private static final int BLOCK_BITS = 12;
    private static final int BLOCK = 1 << BLOCK_BITS;

    private final int width;
    private long[][] blocks = new long[16][];
    private int size;

    /**
     * @param width numbers to a row
     */
    Rows(int width) {
        this.width = width;
    }

    int size() {
        return size;
    }

    /** Adds a row of zeros and gives its block; its numbers begin at {@link #offset}. */
    long[] add() {
        int block = size >> BLOCK_BITS;
        if (block == blocks.length) {
            blocks = Arrays.copyOf(blocks, block * 2);
        }
        if (blocks[block] == null) {
            blocks[block] = new long[BLOCK * width];
        }
        size++;
        return blocks[block];
    }

    int offset(int row) {
        return (row & BLOCK - 1) * width;
    }

    long get(int row, int column) {
        return blocks[row >> BLOCK_BITS][offset(row) + column];
    }
}
