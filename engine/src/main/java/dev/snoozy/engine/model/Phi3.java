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
            Linear qkv, // [(heads + kvHeads) * keyLength + kvHeads * valueLength, embedding]
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            Linear gateUp, // [2 * feedForward, embedding]
            Linear down) {} // [embedding, feedForward]

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final int queryColumns;
    private final int keyColumns;
    private final int valueColumns;

    Phi3(ModelConfig config, Weights weights) {
        this.config = config;
        queryColumns = config.queryColumns();
        keyColumns = config.keyColumns();
        valueColumns = config.valueColumns();
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, factors(weights));
        attention = Attention.spec(config);
    }

    private float[] factors(Weights weights) {
        if (!weights.has("rope_factors_long.weight")) {
            return new float[0];
        }
        int pairs = Ropes.dimensions(config) / 2;
        float[] longFactors = weights.values("rope_factors_long.weight", pairs);
        float[] shortFactors = weights.values("rope_factors_short.weight", pairs);
        int original = config.size("rope.scaling.original_context_length", Integer.MAX_VALUE);
        return config.contextLength() > original ? longFactors : shortFactors;
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        int width = config.feedForward();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                w.linear(name + "attn_qkv", queryColumns + keyColumns + valueColumns, n),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "ffn_norm.weight", n),
                w.linear(name + "ffn_up", 2L * width, n),
                w.linear(name + "ffn_down", n, width));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        int width = config.feedForward();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            Tensor qkv = layer.qkv.apply(k, h);
            Tensor query = k.columns(qkv, 0, queryColumns);
            Tensor key = k.columns(qkv, queryColumns, keyColumns);
            Tensor value = k.columns(qkv, queryColumns + keyColumns, valueColumns);
            query = k.rope(query, config.keyLength(), rope, positions);
            key = k.rope(key, config.keyLength(), rope, positions);
            h = batch.attention(i, query, key, value, attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            Tensor gateUp = layer.gateUp.apply(k, h); // [tokens, 2 * feedForward]
            Tensor gate = k.columns(gateUp, 0, width);
            Tensor up = k.columns(gateUp, width, width);
            x = k.add(x, layer.down.apply(k, k.gated(Activation.SILU, gate, up)));
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
