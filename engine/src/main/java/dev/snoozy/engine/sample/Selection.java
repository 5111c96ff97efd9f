package dev.snoozy.engine.sample;

/** Partial order of a large array. */
final class Selection {
    private Selection() {}

    /**
     * Moves the {@code count} largest of the first {@code size} values to the end of that range, in
     * no order (Hoare 1961, "Find"; the pivot is the median of three).
     */
    static void largestLast(long[] values, int size, int count) {
        int border = size - count;
        int low = 0;
        int high = size - 1;
        while (low < high) {
            long pivot = median(values[low], values[(low + high) >>> 1], values[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long swap = values[i];
                    values[i++] = values[j];
                    values[j--] = swap;
                }
            }
            if (border <= j) {
                high = j;
            } else if (border >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
