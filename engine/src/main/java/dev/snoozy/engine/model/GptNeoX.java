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
 * GPT-NeoX (Black et al. 2022) and its like: layer norms, rotary positions on halves of a part of
 * each head, biases where the file has them. They differ in how a layer is put together:
 *
 * <ul>
 *   <li>both halves beside each other, of the same norm: {@code falcon} (Almazrouei et al. 2023),
 *       {@code phi2} (Microsoft 2023), the larger {@code stablelm} (Bellagente et al. 2024);
 *   <li>beside each other, each with its own norm: {@code gptneox} as its file says, the larger
 *       {@code falcon};
 *   <li>one after the other: {@code starcoder2} (Lozhkov et al. 2024), {@code codeshell}, {@code
 *       nemotron} (NVIDIA 2024), {@code orion}, the smaller {@code stablelm}.
 * </ul>
 *
 * <p>The feed-forward network is plain with GELU, or with a squared ReLU in Nemotron, or has a gate
 * with SiLU where the file has one. The largest StableLM has layer norms of the heads of queries
 * and keys.
 */
final class GptNeoX implements Transformer {
    private record Layer(
            LayerNorm attentionNorm,
            Projection qkv,
            @Nullable Tensor qNorm, // [heads, keyLength]
            @Nullable Tensor kNorm, // [kvHeads, keyLength]
            Linear output, // [embedding, heads * valueLength]
            @Nullable LayerNorm feedForwardNorm, // null where the attention's serves both
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final LayerNorm outputNorm;
    private final Layer[] layers;
    private final boolean parallel;
    private final Rope rope;
    private final AttentionSpec attention;

    GptNeoX(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        parallel = parallel(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        attention = Attention.spec(config);
    }

    private static boolean parallel(ModelConfig config, Weights weights) {
        boolean said = config.flag("use_parallel_residual", true);
        return switch (config.architecture()) {
            case "falcon", "phi2" -> true;
            case "gptneox" -> said;
            // The converter writes true where the original says nothing, so the norm decides.
            case "stablelm" -> !weights.has("blk.0.ffn_norm.weight");
            default -> false;
        };
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        boolean two = w.has(name + "attn_norm_2.weight"); // falcon: the second is the attention's
        String second = two ? "attn_norm" : "ffn_norm";
        boolean shared = parallel && !w.has(name + second + ".weight") || falconOfOneNorm(two);
        return new Layer(
                LayerNorm.of(w, config, name + (two ? "attn_norm_2" : "attn_norm")),
                Projection.of(w, config, i),
                Attention.headWeights(
                        w, name + "attn_q_norm.weight", config.heads(), config.keyLength()),
                Attention.headWeights(
                        w, name + "attn_k_norm.weight", config.kvHeads(), config.keyLength()),
                w.linear(name + "attn_output", config.embedding(), config.attentionColumns()),
                shared ? null : LayerNorm.of(w, config, name + second),
                feedForward(w, i));
    }

    private boolean falconOfOneNorm(boolean two) {
        return config.architecture().equals("falcon") && !two;
    }

    private FeedForward feedForward(Weights w, int i) {
        if (w.has("blk." + i + ".ffn_gate.weight")) {
            return FeedForward.Gated.of(w, config, i, Activation.SILU);
        }
        boolean nemotron = config.architecture().equals("nemotron");
        Activation plain = nemotron ? Activation.RELU_SQUARED : Activation.GELU_TANH;
        return FeedForward.Plain.of(w, config, i, plain);
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor normed = layer.attentionNorm.apply(k, x);
            Tensor[] qkv = layer.qkv.apply(k, normed);
            Tensor query = Attention.headNorm(k, qkv[0], layer.qNorm, config);
            Tensor key = Attention.headNorm(k, qkv[1], layer.kNorm, config);
            query = k.rope(query, config.keyLength(), rope, positions);
            key = k.rope(key, config.keyLength(), rope, positions);
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            h = k.add(x, layer.output.apply(k, h)); // [tokens, embedding]
            Tensor seen = parallel ? x : h; // by the second half
            LayerNorm norm = layer.feedForwardNorm;
            normed = norm == null ? normed : norm.apply(k, seen);
            x = k.add(h, layer.feedForward.apply(k, normed));
            k.recycle(x);
        }
        return outputNorm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
