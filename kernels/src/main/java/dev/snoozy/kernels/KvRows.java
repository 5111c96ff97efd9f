package dev.snoozy.kernels;

/**
 * Where the rows of a batch write their keys and values and which positions they see. Position
 * {@code p} of row {@code r} lies in page {@code tables[r][(p / PAGE) % tables[r].length]}: with a
 * table as long as the sequence this is a paged cache, with a shorter one a ring.
 *
 * @param tables per row the page table of its sequence; rows of one sequence share the array
 * @param positions per row its own position
 * @param first per row the first position it sees
 * @param last per row the last position it sees, inclusive: its own in a causal model
 */
public record KvRows(int[][] tables, int[] positions, int[] first, int[] last) {
    /** The page that holds a position of a row. */
    public int page(int row, int position) {
        int[] table = tables[row];
        return table[position / KvPages.PAGE % table.length];
    }

    /** Number of rows. */
    public int size() {
        return positions.length;
    }
}
