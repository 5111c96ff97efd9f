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

    /** By the upper half of the first hash, and only where that is the same by all there is. */
    private void sort(long[] byLength, int start, int end, int[] order) {
        long[] byHash = new long[end - start];
        for (int i = 0; i < byHash.length; i++) {
            long row = (int) byLength[start + i];
            // Signed order of what is turned over is unsigned order.
            long upper = rows.get((int) row, hashes) ^ Long.MIN_VALUE;
            byHash[i] = upper & 0xFFFFFFFF_00000000L | row;
        }
        Arrays.sort(byHash);
        for (int from = 0; from < byHash.length; ) {
            int to = from + 1;
            while (to < byHash.length && byHash[to] >>> 32 == byHash[from] >>> 32) {
                to++;
            }
            if (to == from + 1) {
                order[start + from] = (int) byHash[from];
            } else {
                sortEqual(byHash, from, to, order, start);
            }
            from = to;
        }
    }

    private void sortEqual(long[] byHash, int from, int to, int[] order, int start) {
        Integer[] equal = new Integer[to - from];
        for (int i = 0; i < equal.length; i++) {
            equal[i] = (int) byHash[from + i];
        }
        Arrays.sort(equal, this::compare);
        for (int i = 0; i < equal.length; i++) {
            order[start + from + i] = equal[i];
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
