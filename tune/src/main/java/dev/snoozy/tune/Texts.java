package dev.snoozy.tune;

import dev.snoozy.kernels.KvRows;

/** Where the rows of whole texts stand in a batch. */
final class Texts {
    private Texts() {}

    /**
     * The row of position 0 of a row's text: the rows of a text stand in the order of their
     * positions, from the first.
     *
     * @throws IllegalArgumentException if a text goes on from an earlier batch, whose keys and
     *     values no gradient would reach
     */
    static int start(KvRows rows, int row) {
        int start = row - rows.positions()[row];
        if (start < 0
                || rows.positions()[start] != 0
                || rows.tables()[start] != rows.tables()[row]) {
            throw new IllegalArgumentException(
                    "training evaluates whole texts, found one that begins at an earlier batch");
        }
        return start;
    }

    /** The last row of the text that begins at a row, exclusive. */
    static int end(KvRows rows, int start) {
        int end = start + 1;
        while (end < rows.size() && rows.positions()[end] == end - start) {
            end++;
        }
        return end;
    }
}
