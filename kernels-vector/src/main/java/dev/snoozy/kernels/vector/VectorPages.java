package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.KvPages;

import java.util.Arrays;

/**
 * Pages on the heap as the attention reads them: the keys of a page are {@code [keyColumns, 64]},
 * so that a vector holds one element of several positions; the values are {@code [kvHeads, 64,
 * columns of a head, padded]}.
 */
final class VectorPages implements KvPages {
    private final int kvHeads;
    private final int keyLength;
    private final int valueLength;
    private float[][] keys = {};
    private float[][] values = {};

    VectorPages(int kvHeads, int keyLength, int valueLength) {
        this.kvHeads = kvHeads;
        this.keyLength = keyLength;
        this.valueLength = valueLength;
    }

    int kvHeads() {
        return kvHeads;
    }

    int keyLength() {
        return keyLength;
    }

    int valueLength() {
        return valueLength;
    }

    /** Columns of a head's values, as many as whole vectors hold. */
    int paddedValue() {
        return Lanes.padded(valueLength);
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
            keys[page] = new float[PAGE * kvHeads * keyLength];
            values[page] = new float[PAGE * kvHeads * paddedValue()];
        }
    }

    /**
     * Writes the key and the value of a position; {@code at} are indices of their first elements.
     */
    void store(int page, int slot, float[] k, int keyAt, float[] v, int valueAt) {
        float[] key = keys[page];
        for (int d = 0; d < kvHeads * keyLength; d++) {
            key[d * PAGE + slot] = k[keyAt + d];
        }
        for (int head = 0; head < kvHeads; head++) {
            int to = (head * PAGE + slot) * paddedValue();
            System.arraycopy(v, valueAt + head * valueLength, values[page], to, valueLength);
        }
    }

    /** The keys of a page, {@code [kvHeads * keyLength, 64]}. */
    float[] keys(int page) {
        return keys[page];
    }

    /** The values of a page, {@code [kvHeads, 64, padded]}. */
    float[] values(int page) {
        return values[page];
    }

    @Override
    public void copy(int from, int to) {
        System.arraycopy(keys[from], 0, keys[to], 0, keys[from].length);
        System.arraycopy(values[from], 0, values[to], 0, values[from].length);
    }

    @Override
    public long bytesPerPage() {
        return (long) PAGE * kvHeads * (keyLength + paddedValue()) * Float.BYTES;
    }

    @Override
    public void close() {
        keys = new float[0][];
        values = new float[0][];
    }
}
