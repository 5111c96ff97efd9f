package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * Llama (Touvron et al. 2023), Mistral (Jiang et al. 2023) and, with experts, Mixtral: RMS norm
 * before each half of a layer, rotary positions on adjacent pairs, grouped heads, SwiGLU.
 * Architecture names {@code llama} and {@code mistral3}; the latter may scale its queries by the
 * logarithm of their position.
 */
final class Llama implements Transformer {
    private record Layer(
            Tensor attentionNorm, // [embedding]
            Linear q, // [heads * keyLength, embedding]
            Linear k, // [kvHeads * keyLength, embedding]
            Linear v, // [kvHeads * valueLength, embedding]
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final AttentionTemperature temperature;

    Llama(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        int pairs = Ropes.dimensions(config) / 2;
        boolean table = weights.has("rope_freqs.weight");
        float[] factors = table ? weights.values("rope_freqs.weight", pairs) : new float[0];
        rope = Ropes.of(config, Rope.Pairing.ADJACENT, factors);
        attention = Attention.spec(config);
        temperature = AttentionTemperature.of(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        boolean mixture = config.integer("expert_count", 0) > 0;
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                w.linear(name + "attn_q", config.queryColumns(), n),
                w.linear(name + "attn_k", config.keyColumns(), n),
                w.linear(name + "attn_v", config.valueColumns(), n),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "ffn_norm.weight", n),
                mixture
                        ? FeedForward.Experts.of(w, config, i, Activation.SILU)
                        : FeedForward.Gated.of(w, config, i, Activation.SILU));
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
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            Tensor[] qkv = Linear.applyAll(k, h, layer.q, layer.k, layer.v);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            query = temperature.apply(k, query, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return batch.kernels().linear(hidden, embeddings.output(), null);
    }
}
