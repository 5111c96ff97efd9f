package dev.snoozy.engine.model;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * A layer norm.
 *
 * @param weight {@code [embedding]}
 * @param bias {@code [embedding]}, or null
 */
record LayerNorm(Tensor weight, @Nullable Tensor bias, float epsilon) {
    /** The norm {@code name.weight} with {@code name.bias}, if the file has one. */
    static LayerNorm of(Weights weights, ModelConfig config, String name) {
        int n = config.embedding();
        return new LayerNorm(
                weights.vector(name + ".weight", n),
                weights.optionalVector(name + ".bias", n),
                config.epsilon());
    }

    /** That norm, or null if the file does not have it. */
    static @Nullable LayerNorm optional(Weights weights, ModelConfig config, String name) {
        return weights.has(name + ".weight") ? of(weights, config, name) : null;
    }

    /** {@code x [rows, embedding]} → {@code [rows, embedding]}. */
    Tensor apply(Kernels kernels, Tensor x) {
        return kernels.layerNorm(x, weight, bias, epsilon);
    }

    /** The norm of x, or x where there is none. */
    static Tensor apply(@Nullable LayerNorm norm, Kernels kernels, Tensor x) {
        return norm == null ? x : norm.apply(kernels, x);
    }
}
