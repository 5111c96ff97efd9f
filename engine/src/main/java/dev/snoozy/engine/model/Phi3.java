package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * Phi-3 and Phi-4-mini (Abdin et al. 2024): as Llama with rotary positions on halves, one matrix
 * for queries, keys and values, one for gate and up. LongRoPE (Ding et al. 2024): two tables of
 * divisors, the long one as soon as the context of the run is longer than the original one.
 *
 * <p>The sliding window of the file is applied in every layer, as the model was trained (its
 * published configuration gives the window, and its own code masks by it). The reference engine of
 * 2026 ignores the window, the one of 2025 applied it; without it positions beyond the window are
 * seen that the model never saw in training.
 */
final class Phi3 implements Transformer {
    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;

    Phi3(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        attention = Attention.spec(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "ffn_norm.weight", n),
                FeedForward.Fused.of(w, config, i, Activation.SILU));
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
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
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
        return embeddings.scores(batch.kernels(), hidden);
    }
}
