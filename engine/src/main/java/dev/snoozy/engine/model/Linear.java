package dev.snoozy.engine.model;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * A linear map.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, or null
 */
record Linear(Tensor weight, @Nullable Tensor bias) {
    /** {@code x [rows, in]} → {@code [rows, out]}. */
    Tensor apply(Kernels kernels, Tensor x) {
        return kernels.linear(x, weight, bias);
    }
}
