package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Tensor;

/**
 * A causal convolution of each channel over a few tokens, whose state is the first part of its
 * layer's.
 *
 * @param weight {@code [width, channels]}, the oldest input's first
 * @param bias {@code [channels]}, or none
 */
record ShortConvolution(int channels, float[] weight, float[] bias) {
    static final int WIDEST = 64;

    static ShortConvolution of(Weights weights, String name, int channels, int width) {
        boolean biased = weights.has(name + ".bias");
        return new ShortConvolution(
                channels,
                turned(weights.tableValues(name + ".weight", channels, width), channels),
                biased ? weights.values(name + ".bias", channels) : new float[0]);
    }

    /** What is {@code [channels, width]} in a file, {@code [width, channels]}. */
    private static float[] turned(float[] weight, int channels) {
        float[] turned = new float[weight.length];
        int width = weight.length / channels;
        for (int i = 0; i < weight.length; i++) {
            turned[i % width * channels + i / width] = weight[i];
        }
        return turned;
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
