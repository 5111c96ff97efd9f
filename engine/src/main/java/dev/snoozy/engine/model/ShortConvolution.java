package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Tensor;

/**
 * A causal convolution of each channel over a few tokens, whose state is the first part of its
 * layer's.
 *
 * @param weight {@code [channels, width]}, the oldest input's first
 * @param bias {@code [channels]}, or none
 */
record ShortConvolution(int channels, float[] weight, float[] bias) {
    static final int WIDEST = 64;

    static ShortConvolution of(Weights weights, String name, int channels, int width) {
        boolean biased = weights.has(name + ".bias");
        return new ShortConvolution(
                channels,
                weights.tableValues(name + ".weight", channels, width),
                biased ? weights.values(name + ".bias", channels) : new float[0]);
    }

    /** Numbers that it keeps of a text. */
    int stateLength() {
        return weight.length - channels;
    }

    /** {@code x [rows, channels]}, and the result. */
    Tensor apply(Batch batch, int layer, Tensor x) {
        float[] added = bias.length == 0 ? null : bias;
        return batch.kernels().convolve(x, weight, added, batch.states(layer), 0, batch.runs());
    }
}
