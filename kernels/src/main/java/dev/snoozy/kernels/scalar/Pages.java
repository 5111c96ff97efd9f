package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.KvPages;

import java.util.Arrays;

/** Pages on the heap, one array each for the keys and the values of a page. */
final class Pages implements KvPages {
    private final int keyColumns;
    private final int valueColumns;
    private float[][] keys = {};
    private float[][] values = {};

    Pages(int keyColumns, int valueColumns) {
        this.keyColumns = keyColumns;
        this.valueColumns = valueColumns;
    }

    @Override
    public void reserve(int pages) {
        int old = keys.length;
        if (pages <= old) {
            return;
        }
        keys = Arrays.copyOf(keys, pages);
        values = Arrays.copyOf(values, pages);
        for (int page = old; page < pages; page++) {
            keys[page] = new float[PAGE * keyColumns];
            values[page] = new float[PAGE * valueColumns];
        }
    }

    @Override
    public void copy(int from, int to) {
        System.arraycopy(keys[from], 0, keys[to], 0, keys[from].length);
        System.arraycopy(values[from], 0, values[to], 0, values[from].length);
    }

    @Override
    public long bytesPerPage() {
        return (long) PAGE * (keyColumns + valueColumns) * Float.BYTES;
    }

    float[] keys(int page) {
        return keys[page];
    }

    float[] values(int page) {
        return values[page];
    }

    int keyColumns() {
        return keyColumns;
    }

    int valueColumns() {
        return valueColumns;
    }

    @Override
    public void close() {
        keys = new float[0][];
        values = new float[0][];
    }
}
