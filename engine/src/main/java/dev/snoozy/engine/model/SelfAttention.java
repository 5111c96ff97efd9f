package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Attention with grouped heads over all that came before, as one kind of {@link Mixer}.
 *
 * @param q {@code [heads * keyLength, embedding]}
 * @param k {@code [kvHeads * keyLength, embedding]}
 * @param v {@code [kvHeads * valueLength, embedding]}
 * @param qNorm {@code [keyLength]}, or null
 * @param kNorm {@code [keyLength]}, or null
 * @param output {@code [embedding, heads * valueLength]}
 * @param rope null where nothing is turned
 */
record SelfAttention(
        ModelConfig config,
        Linear q,
        Linear k,
        Linear v,
        @Nullable Tensor qNorm,
        @Nullable Tensor kNorm,
        Linear output,
        @Nullable Rope rope,
        AttentionSpec spec)
        implements Mixer {
    static SelfAttention of(
            Weights w, ModelConfig config, int layer, @Nullable Rope rope, boolean headNorms) {
        String name = "blk." + layer + ".attn_";
        int n = config.embedding();
        return new SelfAttention(
                config,
                w.linear(name + "q", config.queryColumns(), n),
                w.linear(name + "k", config.keyColumns(), n),
                w.linear(name + "v", config.valueColumns(), n),
                headNorms ? w.vector(name + "q_norm.weight", config.keyLength()) : null,
                headNorms ? w.vector(name + "k_norm.weight", config.keyLength()) : null,
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
        Tensor[] qkv = Linear.applyAll(kernels, x, q, k, v);
        Tensor query = turned(batch, qkv[0], qNorm);
        Tensor key = turned(batch, qkv[1], kNorm);
        return output.apply(kernels, batch.attention(layer, query, key, qkv[2], spec));
    }

    private Tensor turned(Batch batch, Tensor x, @Nullable Tensor norm) {
        Kernels kernels = batch.kernels();
        Tensor normed = Attention.norm(kernels, x, norm, config);
        return rope == null
                ? normed
                : kernels.rope(normed, config.keyLength(), rope, batch.positions());
    }
}
