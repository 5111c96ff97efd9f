package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.KvPages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages as the attention kernels read them: the keys of a page are {@code [keyColumns, 64]}, so
 * that a vector holds one element of sixteen positions; the values are {@code [kvHeads, 64, columns
 * of a head rounded up to 16]}.
 */
final class MachinePages implements KvPages {
    private static final int LANES = 16;
    private static final int ALIGNMENT = 64;

    private final int kvHeads;
    private final int keyLength;
    private final int valueLength;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> keys = new ArrayList<>();
    private final List<MemorySegment> values = new ArrayList<>();

    MachinePages(int kvHeads, int keyLength, int valueLength) {
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

    /** Columns of a head's values, rounded up. */
    int paddedValue() {
        return (valueLength + LANES - 1) / LANES * LANES;
    }

    @Override
    public void reserve(int pages) {
        while (keys.size() < pages) {
            keys.add(arena.allocate(kvHeads * keyBytes(), ALIGNMENT));
            values.add(arena.allocate(kvHeads * valueBytes(), ALIGNMENT));
        }
    }

    /**
     * Writes the key and the value of a position; {@code at} are indices of their first elements.
     */
    void store(int page, int slot, float[] k, int keyAt, float[] v, int valueAt) {
        MemorySegment key = keys.get(page);
        for (int d = 0; d < kvHeads * keyLength; d++) {
            key.setAtIndex(ValueLayout.JAVA_FLOAT, (long) d * PAGE + slot, k[keyAt + d]);
        }
        int padded = paddedValue();
        MemorySegment value = values.get(page);
        for (int head = 0; head < kvHeads; head++) {
            long to = ((long) head * PAGE + slot) * padded * Float.BYTES;
            int from = valueAt + head * valueLength;
            MemorySegment.copy(v, from, value, ValueLayout.JAVA_FLOAT, to, valueLength);
        }
    }

    /** The keys of a head, {@code [keyLength, 64]}. */
    MemorySegment keys(int page, int kvHead) {
        return keys.get(page).asSlice(kvHead * keyBytes(), keyBytes());
    }

    /** The values of a head, {@code [64, padded]}. */
    MemorySegment values(int page, int kvHead) {
        return values.get(page).asSlice(kvHead * valueBytes(), valueBytes());
    }

    @Override
    public void copy(int from, int to) {
        keys.get(to).copyFrom(keys.get(from));
        values.get(to).copyFrom(values.get(from));
    }

    @Override
    public long bytesPerPage() {
        return kvHeads * (keyBytes() + valueBytes());
    }

    /** Bytes of a page's keys of one head. */
    private long keyBytes() {
        return (long) PAGE * keyLength * Float.BYTES;
    }

    /** Bytes of a page's values of one head. */
    private long valueBytes() {
        return (long) PAGE * paddedValue() * Float.BYTES;
    }

    @Override
    public void close() {
        arena.close();
    }
}
