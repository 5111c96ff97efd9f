package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Command R (Cohere 2024) and Command R7B (2024, {@code cohere2}): both halves of a layer beside
 * each other behind one layer norm without bias, rotary positions on adjacent pairs, SwiGLU, scores
 * multiplied by a factor. Command R+ has layer norms of the heads of queries and keys. {@code
 * cohere2} has three layers with a sliding window to one that sees everything, and that one knows
 * no positions.
 */
final class Cohere implements Transformer {
    private static final int PERIOD = 4;

    private record Layer(
            LayerNorm norm,
            Projection qkv,
            @Nullable Tensor qNorm, // [heads, keyLength]
            @Nullable Tensor kNorm, // [kvHeads, keyLength]
            Linear output, // [embedding, heads * valueLength]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final boolean second;
    private final Embeddings embeddings;
    private final LayerNorm outputNorm;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope rope;
    private final AttentionSpec attention;
    private final float logitScale;

    Cohere(ModelConfig config, Weights weights) {
        this.config = config;
        second = config.architecture().equals("cohere2");
        embeddings = Embeddings.of(config, weights);
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        windows = second ? Windows.lastOfEach(config, PERIOD) : new int[layers.length];
        float[] factors = Ropes.factors(config, weights);
        rope =
                second
                        ? Ropes.sliding(config, Rope.Pairing.ADJACENT, factors)
                        : Ropes.of(config, Rope.Pairing.ADJACENT, factors);
        attention = Attention.spec(config);
        logitScale = config.number("logit_scale", 1);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int length = config.keyLength();
        return new Layer(
                LayerNorm.of(w, config, name + "attn_norm"),
                Projection.of(w, config, i),
                Attention.headWeights(w, name + "attn_q_norm.weight", config.heads(), length),
                Attention.headWeights(w, name + "attn_k_norm.weight", config.kvHeads(), length),
                w.linear(name + "attn_output", config.embedding(), config.attentionColumns()),
                FeedForward.Gated.of(w, config, i, Activation.SILU));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor normed = layer.norm.apply(k, x);
            Tensor[] qkv = layer.qkv.apply(k, normed);
            Tensor query = Attention.headNorm(k, qkv[0], layer.qNorm, config);
            Tensor key = Attention.headNorm(k, qkv[1], layer.kNorm, config);
            if (!second || windows[i] > 0) {
                query = k.rope(query, config.keyLength(), rope, positions);
                key = k.rope(key, config.keyLength(), rope, positions);
            }
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            h = k.add(x, layer.output.apply(k, h)); // [tokens, embedding]
            x = k.add(h, layer.feedForward.apply(k, normed));
            k.recycle(x);
        }
        return outputNorm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        Kernels k = batch.kernels();
        return Multipliers.scale(k, embeddings.scores(k, hidden), logitScale);
    }
}
