package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * MPT (MosaicML 2023) and BLOOM (BigScience 2022): no positions in the token state; scores fall
 * with the distance instead (ALiBi, Press et al. 2022). Layer norms, one matrix for queries, keys
 * and values, a plain feed-forward network with GELU. BLOOM has a norm after the token table. Some
 * files of MPT cut queries, keys and values off ({@code clamp_kqv}), or have norms of queries and
 * keys, or learnt positions.
 */
final class Mpt implements Transformer {
    private static final float BLOOM_ALIBI = 8;

    private record Layer(
            LayerNorm attentionNorm,
            Projection qkv,
            @Nullable LayerNorm qNorm,
            @Nullable LayerNorm kNorm,
            Linear output, // [embedding, heads * valueLength]
            LayerNorm feedForwardNorm,
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final @Nullable LayerNorm inputNorm;
    private final @Nullable Tensor positionTable; // [positions, embedding]
    private final LayerNorm outputNorm;
    private final Layer[] layers;
    private final AttentionSpec attention;
    private final float clamp;

    Mpt(ModelConfig config, Weights weights) {
        this.config = config;
        boolean bloom = config.architecture().equals("bloom");
        embeddings = Embeddings.of(config, weights);
        inputNorm = bloom ? LayerNorm.of(weights, config, "token_embd_norm") : null;
        boolean learnt = weights.has("position_embd.weight");
        positionTable = learnt ? Embeddings.positions(config, weights) : null;
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        float alibi = config.number("attention.max_alibi_bias", bloom ? BLOOM_ALIBI : 0);
        attention = Attention.alibi(config, alibi);
        clamp = config.number("attention.clamp_kqv", 0);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        return new Layer(
                LayerNorm.of(w, config, name + "attn_norm"),
                Projection.of(w, config, i),
                LayerNorm.optional(w, config, name + "attn_q_norm"),
                LayerNorm.optional(w, config, name + "attn_k_norm"),
                w.linear(name + "attn_output", config.embedding(), config.attentionColumns()),
                LayerNorm.of(w, config, name + "ffn_norm"),
                FeedForward.Plain.of(w, config, i, Activation.GELU_TANH));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = LayerNorm.apply(inputNorm, k, x);
        x = positionTable == null ? x : k.add(x, k.embed(positionTable, batch.positions()));
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor normed = layer.attentionNorm.apply(k, x);
            Tensor[] qkv = Attention.clamp(k, layer.qkv.apply(k, normed), clamp);
            Tensor query = LayerNorm.apply(layer.qNorm, k, qkv[0]);
            Tensor key = LayerNorm.apply(layer.kNorm, k, qkv[1]);
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            x = k.add(x, layer.output.apply(k, h)); // [tokens, embedding]
            x = k.add(x, layer.feedForward.apply(k, layer.feedForwardNorm.apply(k, x)));
            k.recycle(x);
        }
        return outputNorm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
