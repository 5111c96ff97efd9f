package dev.snoozy.tune;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Tensor;

/**
 * Numbers of the reference path, weights and activations alike.
 *
 * @param data {@code [rows, columns]}
 */
record Matrix64(double[] data, int rows, int columns) implements Tensor {
    Matrix64(int rows, int columns) {
        this(new double[Math.multiplyExact(rows, columns)], rows, columns);
    }

    @Override
    public TensorType type() {
        return TensorType.F64;
    }

    /** Index of the first element of a row. */
    int at(int row) {
        return row * columns;
    }

    static Matrix64 of(Tensor tensor) {
        if (tensor instanceof Matrix64 matrix) {
            return matrix;
        }
        throw new IllegalArgumentException("expected a tensor of the reference, found " + tensor);
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
