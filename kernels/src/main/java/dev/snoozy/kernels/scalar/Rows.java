package dev.snoozy.kernels.scalar;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Tensor;

/** Activations and small vectors: {@code [rows, columns]} in a heap array, from element 0. */
public record Rows(float[] data, int rows, int columns) implements Tensor {
    @Override
    public TensorType type() {
        return TensorType.F32;
    }

    /** Index of the first element of a row. */
    public int at(int row) {
        return row * columns;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
