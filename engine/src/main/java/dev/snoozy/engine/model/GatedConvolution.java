package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * A short convolution between two gates (LFM 2).
 *
 * @param in {@code [3 * embedding, embedding]}: the gate before, the gate behind, the input
 * @param out {@code [embedding, embedding]}
 */
record GatedConvolution(Linear in, ShortConvolution convolution, Linear out) implements Mixer {
    static GatedConvolution of(Weights w, ModelConfig config, int layer) {
        String name = "blk." + layer + ".shortconv.";
        int n = config.embedding();
        int width = config.size("shortconv.l_cache", ShortConvolution.WIDEST);
        return new GatedConvolution(
                w.linear(name + "in_proj", 3L * n, n),
                ShortConvolution.of(w, name + "conv", n, width),
                w.linear(name + "out_proj", n, n));
    }

    @Override
    public int stateLength() {
        return convolution.stateLength();
    }

    @Override
    public Tensor apply(Batch batch, int layer, Tensor x) {
        Kernels k = batch.kernels();
        int n = x.columns();
        Tensor all = in.apply(k, x); // [rows, 3 * embedding]
        Tensor h = k.multiply(k.columns(all, 0, n), k.columns(all, 2 * n, n));
        h = convolution.apply(batch, layer, h);
        return out.apply(k, k.multiply(k.columns(all, n, n), h));
    }
}
