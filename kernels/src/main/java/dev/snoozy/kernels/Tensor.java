package dev.snoozy.kernels;

import dev.snoozy.format.TensorType;

/**
 * Numbers in rows: the last dimension lies side by side. Activations are {@code [rows, columns]} in
 * F32; a weight that maps {@code in} to {@code out} features is {@code [out, in]}, one of a mixture
 * of experts {@code [experts, out, in]}, each in the number format of its file.
 *
 * <p>The storage belongs to the {@link Kernels} that made the tensor: only they create, fill and
 * read it, so a tensor may lie in a memory that Java cannot see. A weight lives as long as its
 * model, an output until {@link Kernels#recycle}.
 */
public interface Tensor {
    TensorType type();

    /** Number of rows: the product of all dimensions but the last. */
    int rows();

    /** Length of a row. */
    int columns();
}
