package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import java.util.Arrays;

/**
 * LFM 2 (Liquid AI 2025): most layers have a gated short convolution in the place of attention, the
 * others attention with grouped heads and a norm over each head of queries and keys. Which is which
 * the file says by the number of heads of each.
 */
final class Lfm2 implements Transformer {
    /**
     * A convolution between two gates.
     *
     * @param in {@code [3 * embedding, embedding]}: the gate before, the gate behind, the input
     * @param out {@code [embedding, embedding]}
     */
    private record GatedConvolution(Linear in, ShortConvolution convolution, Linear out)
            implements Mixer {
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

    private record Layer(
            Tensor mixerNorm, // [embedding]
            Mixer mixer,
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;

    Lfm2(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights, "token_embd_norm"); // which is the last norm
        rope = Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        boolean attends = config.of("attention.head_count_kv", i, config.kvHeads()) > 0;
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                attends
                        ? SelfAttention.of(w, config, i, rope, true)
                        : GatedConvolution.of(w, config, i),
                w.vector(name + "ffn_norm.weight", n),
                FeedForward.Gated.of(w, config, i, Activation.SILU));
    }

    @Override
    public CachePlan cachePlan() {
        return Mixer.plan(Arrays.stream(layers).map(Layer::mixer).toList());
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.mixerNorm, config.epsilon());
            x = k.add(x, layer.mixer.apply(batch, i, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
