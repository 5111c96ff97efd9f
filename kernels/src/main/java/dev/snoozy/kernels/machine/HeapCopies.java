package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;

/** Copies of activations on the heap, for the scalar kernels, and back. */
final class HeapCopies {
    private HeapCopies() {}

    /** A copy on the heap, of memory that the scalar kernels lend. */
    static Rows of(NativeRows x, ScalarKernels plain) {
        int count = x.rows() * x.columns();
        // A vector must have an array of just its length.
        float[] data = x.rows() == 1 ? new float[count] : plain.output(1, count).data();
        for (int t = 0; t < x.rows(); t++) {
            x.read(t, 0, data, t * x.columns(), x.columns());
        }
        return new Rows(data, x.rows(), x.columns());
    }

    /** A copy outside the heap of what scalar kernels have computed. */
    static NativeRows back(Tensor tensor, NativeBuffers buffers) {
        if (!(tensor instanceof Rows x)) {
            throw new IllegalArgumentException("expected activations, found " + tensor);
        }
        NativeRows y = buffers.rows(x.rows(), x.columns());
        for (int t = 0; t < x.rows(); t++) {
            y.write(t, 0, x.data(), x.at(t), x.columns());
        }
        return y;
    }

    /** A tensor as activations. */
    static NativeRows activations(Tensor tensor) {
        if (tensor instanceof NativeRows rows) {
            return rows;
        }
        throw new IllegalArgumentException("expected activations, found a weight " + tensor);
    }

    /** A tensor as a vector. */
    static NativeRows vector(Tensor tensor) {
        NativeRows rows = activations(tensor);
        ScalarKernels.require(rows.rows() == 1, "a vector", rows, tensor);
        return rows;
    }
}
