package dev.snoozy.curate.dedup;

import java.util.Arrays;

/**
 * Rows in an order that depends on their content alone: the first of a group is the one to keep.
 */
final class CanonicalOrder {
    private final Rows rows;
    private final int length;
    private final int hashes;
    private final int hashCount;
    private final int key;

    /**
     * @param length the column by which the longest come first
     * @param hashes the first of the columns that decide between equally long ones
     * @param key the column that decides between rows of the same content
     */
    CanonicalOrder(Rows rows, int length, int hashes, int hashCount, int key) {
        this.rows = rows;
        this.length = length;
        this.hashes = hashes;
        this.hashCount = hashCount;
        this.key = key;
    }

    int[] rows() {
        int n = rows.size();
        long[] byLength = new long[n];
        for (int row = 0; row < n; row++) {
            byLength[row] = (Integer.MAX_VALUE - rows.get(row, length)) << 32 | row;
        }
        Arrays.sort(byLength);
        int[] order = new int[n];
        for (int start = 0; start < n; ) {
            int end = start + 1;
            while (end < n && byLength[end] >>> 32 == byLength[start] >>> 32) {
                end++;
            }
            sort(byLength, start, end, order);
            start = end;
        }
        return order;
    }

    private void sort(long[] byLength, int start, int end, int[] order) {
        Integer[] equal = new Integer[end - start];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = (int) byLength[start + i];
        }
        Arrays.sort(equal, this::compare);
        for (int i = 0; i < equal.length; i++) {
            order[start + i] = equal[i];
        }
    }

    private int compare(int a, int b) {
        for (int column = hashes; column < hashes + hashCount; column++) {
            int by = Long.compareUnsigned(rows.get(a, column), rows.get(b, column));
            if (by != 0) {
                return by;
            }
        }
        int byKey = Long.compare(rows.get(a, key), rows.get(b, key));
        return byKey != 0 ? byKey : Integer.compare(a, b);
    }
}
