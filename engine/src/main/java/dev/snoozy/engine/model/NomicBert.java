package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Nomic BERT (Nussbaum et al. 2024): BERT with rotary positions on halves, one matrix for queries,
 * keys and values, and SwiGLU. Jina Embeddings 2 (Günther et al. 2023, {@code jina-bert-v2}) has no
 * positions but scores that fall with the distance to both sides (ALiBi), and GELU gates; its
 * models for code also have layer norms of queries and keys and a second norm after attention.
 */
final class NomicBert implements Transformer {
    private record Layer(
            Projection qkv,
            @Nullable LayerNorm qNorm,
            @Nullable LayerNorm kNorm,
            Linear output, // [embedding, embedding]
            LayerNorm attentionNorm,
            @Nullable LayerNorm secondNorm,
            FeedForward feedForward,
            LayerNorm outputNorm) {}

    private static final float JINA_ALIBI = 8;

    private final ModelConfig config;
    private final boolean jina;
    private final EncoderInput input;
    private final Layer[] layers;
    private final @Nullable Rope rope;
    private final AttentionSpec attention;

    NomicBert(ModelConfig config, Weights weights) {
        this.config = config;
        jina = config.architecture().equals("jina-bert-v2");
        input = EncoderInput.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = jina ? null : Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        attention = jina ? Attention.alibi(config, JINA_ALIBI) : Attention.spec(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                Projection.of(w, config, i),
                LayerNorm.optional(w, config, name + "attn_q_norm"),
                LayerNorm.optional(w, config, name + "attn_k_norm"),
                w.linear(name + "attn_output", n, n),
                LayerNorm.of(w, config, name + "attn_output_norm"),
                LayerNorm.optional(w, config, name + "attn_norm_2"),
                feedForward(w, i),
                LayerNorm.of(w, config, name + "layer_output_norm"));
    }

    private FeedForward feedForward(Weights w, int i) {
        Activation activation = jina ? Activation.GELU_TANH : Activation.SILU;
        return !jina || w.has("blk." + i + ".ffn_gate.weight")
                ? FeedForward.Gated.of(w, config, i, activation)
                : FeedForward.Fused.of(w, config, i, activation);
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, new int[layers.length], false);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = input.norm().apply(k, input.embed(k, batch.tokens())); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] qkv = layer.qkv.apply(k, x);
            Tensor query = turned(k, LayerNorm.apply(layer.qNorm, k, qkv[0]), batch);
            Tensor key = turned(k, LayerNorm.apply(layer.kNorm, k, qkv[1]), batch);
            Tensor h = batch.attention(i, query, key, qkv[2], attention); // [tokens, embedding]
            h = layer.attentionNorm.apply(k, k.add(x, layer.output.apply(k, h)));
            LayerNorm second = layer.secondNorm;
            x = second == null ? h : second.apply(k, k.add(x, h));
            x = layer.outputNorm.apply(k, k.add(x, layer.feedForward.apply(k, x)));
            k.recycle(x);
        }
        return k.rows(x, batch.outputs()); // [outputs, embedding]
    }

    private Tensor turned(Kernels k, Tensor x, Batch batch) {
        return rope == null ? x : k.rope(x, config.keyLength(), rope, batch.positions());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        throw new ModelException(
                config.architecture()
                        + " is an encoder and predicts no next token; use it for embeddings");
    }
}
