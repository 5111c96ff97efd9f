package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * Attention with a norm over each head of queries and keys, and a gate on what it gives (Qwen 3.5).
 *
 * @param q {@code [heads * 2 * keyLength, embedding]}: of each head the query, then its gate
 */
record GatedAttention(
        ModelConfig config,
        Linear q,
        Linear k,
        Linear v,
        Tensor qNorm,
        Tensor kNorm,
        Linear output,
        Rope rope,
        AttentionSpec spec)
        implements Mixer {
    static GatedAttention of(Weights w, ModelConfig config, int layer, Rope rope) {
        String name = "blk." + layer + ".attn_";
        int n = config.embedding();
        return new GatedAttention(
                config,
                w.linear(name + "q", 2L * config.queryColumns(), n),
                w.linear(name + "k", config.keyColumns(), n),
                w.linear(name + "v", config.valueColumns(), n),
                w.vector(name + "q_norm.weight", config.keyLength()),
                w.vector(name + "k_norm.weight", config.keyLength()),
                w.linear(name + "output", n, config.attentionColumns()),
                rope,
                Attention.spec(config));
    }

    @Override
    public CachePlan.Heads heads() {
        return new CachePlan.Heads(config.kvHeads(), config.keyLength(), config.valueLength());
    }

    @Override
    public Tensor apply(Batch batch, int layer, Tensor x) {
        Kernels kernels = batch.kernels();
        int length = config.keyLength();
        Tensor[] qkv = Linear.applyAll(kernels, x, q, k, v);
        Tensor query =
                kernels.headColumns(qkv[0], 2 * length, 0, length); // [rows, heads * keyLength]
        Tensor gate = kernels.headColumns(qkv[0], 2 * length, length, length);
        query = Attention.norm(kernels, query, qNorm, config);
        Tensor key = Attention.norm(kernels, qkv[1], kNorm, config);
        query = kernels.rope(query, length, rope, batch.positions());
        key = kernels.rope(key, length, rope, batch.positions());
        Tensor h = batch.attention(layer, query, key, qkv[2], spec);
        return output.apply(kernels, kernels.multiply(h, kernels.sigmoid(gate)));
    }
}
