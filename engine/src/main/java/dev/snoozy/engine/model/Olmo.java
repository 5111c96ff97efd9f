package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * OLMo (Groeneveld et al. 2024): as Llama, with layer norms that have no weights at all; queries,
 * keys and values may be cut off ({@code clamp_kqv}).
 */
final class Olmo implements Transformer {
    private record Layer(
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final LayerNorm norm;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final float clamp;

    Olmo(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        norm = new LayerNorm(weights.ones(n), null, config.epsilon());
        embeddings = Embeddings.of(config, weights, norm.weight());
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] =
                    new Layer(
                            Projection.of(weights, config, i),
                            weights.linear(
                                    "blk." + i + ".attn_output", n, config.attentionColumns()),
                            FeedForward.Gated.of(weights, config, i, Activation.SILU));
        }
        rope = Ropes.of(config, Rope.Pairing.ADJACENT, Ropes.factors(config, weights));
        attention = Attention.spec(config);
        clamp = config.number("attention.clamp_kqv", 0);
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
            Tensor[] qkv = Attention.clamp(k, layer.qkv.apply(k, norm.apply(k, x)), clamp);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            x = k.add(x, layer.output.apply(k, h)); // [tokens, embedding]
            x = k.add(x, layer.feedForward.apply(k, norm.apply(k, x)));
            k.recycle(x);
        }
        return norm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
