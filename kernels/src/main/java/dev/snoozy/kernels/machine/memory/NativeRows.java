package dev.snoozy.kernels.machine.memory;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Activations and small vectors outside the heap, as machine code reads them: row after row, each
 * from an address that is a multiple of 64 bytes. What stands between the last column and the next
 * row is not defined: a kernel may write there, and must not let it count.
 *
 * @param data {@code [rows, stride]}
 */
public record NativeRows(MemorySegment data, int rows, int columns) implements Tensor {
    private static final int LANES = 16;

    /** Floats from the start of a row to the start of the next one. */
    public int stride() {
        return stride(columns);
    }

    /** Floats that a row of so many columns takes. */
    public static int stride(int columns) {
        return (columns + LANES - 1) / LANES * LANES;
    }

    /** Bytes of a tensor. */
    public static long bytes(int rows, int columns) {
        return (long) rows * stride(columns) * Float.BYTES;
    }

    /** Where a row begins, in bytes. */
    public long at(int row) {
        return (long) row * stride() * Float.BYTES;
    }

    /** Some rows, and what lies between them. */
    public MemorySegment rows(int first, int count) {
        return data.asSlice(at(first), (long) count * stride() * Float.BYTES);
    }

    /** The tensor of some rows, in the same memory. */
    public NativeRows part(int first, int count) {
        return first == 0 && count == rows
                ? this
                : new NativeRows(rows(first, count), count, columns);
    }

    /** The tensor of one row, in the same memory. */
    public NativeRows row(int row) {
        return part(row, 1);
    }

    /** Copies columns of a row to an array. */
    public void read(int row, int column, float[] target, int at, int count) {
        long from = at(row) + (long) column * Float.BYTES;
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, from, target, at, count);
    }

    /** Copies elements of an array to a row. */
    public void write(int row, int column, float[] source, int at, int count) {
        long to = at(row) + (long) column * Float.BYTES;
        MemorySegment.copy(source, at, data, ValueLayout.JAVA_FLOAT, to, count);
    }

    @Override
    public TensorType type() {
        return TensorType.F32;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
