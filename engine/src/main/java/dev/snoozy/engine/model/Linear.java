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

    /** Several maps of the same input, computed together. */
    static Tensor[] applyAll(Kernels kernels, Tensor x, Linear... maps) {
        Tensor[] weights = new Tensor[maps.length];
        @Nullable Tensor[] biases = new Tensor[maps.length];
        for (int i = 0; i < maps.length; i++) {
            weights[i] = maps[i].weight;
            biases[i] = maps[i].bias;
        }
        return kernels.linearAll(x, weights, biases);
    }
}
