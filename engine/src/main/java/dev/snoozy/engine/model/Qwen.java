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
 * Qwen 2 and 2.5 (Yang et al. 2024) and Qwen 3 (2025): as Llama, with rotary positions on halves; 2
 * has biases on queries, keys and values, 3 a norm over each head of queries and keys instead.
 * Architecture names {@code qwen2} and {@code qwen3}; also the embedding models of these names.
 *
 * <p>{@code qwen2vl} and {@code qwen3vl} are the language halves of the models that see: every
 * token of a text has the same position along all axes, which turns it as one position does. {@code
 * seed_oss} (ByteDance 2025) is Qwen 2 with a norm of another name; {@code exaone} (LG AI Research
 * 2024) is without its biases; {@code hunyuan-dense} (Tencent 2025) is Qwen 3 with the norms of the
 * heads after they are turned.
 */
final class Qwen implements Transformer {
    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            @Nullable Tensor qNorm, // [keyLength]
            @Nullable Tensor kNorm, // [keyLength]
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final boolean turnsFirst;

    Qwen(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        attention = Attention.spec(config);
        turnsFirst = config.architecture().equals("hunyuan-dense");
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        boolean headNorms =
                switch (config.architecture()) {
                    case "qwen3", "qwen3vl", "hunyuan-dense" -> true;
                    default -> false;
                };
        boolean seed = config.architecture().equals("seed_oss");
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                headNorms ? w.vector(name + "attn_q_norm.weight", config.keyLength()) : null,
                headNorms ? w.vector(name + "attn_k_norm.weight", config.keyLength()) : null,
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + (seed ? "post_attention_norm.weight" : "ffn_norm.weight"), n),
                FeedForward.Gated.of(w, config, i, Activation.SILU));
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
            Tensor query = turned(k, qkv[0], layer.qNorm, positions);
            Tensor key = turned(k, qkv[1], layer.kNorm, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    /** Queries or keys with their norm, turned by their positions. */
    private Tensor turned(Kernels k, Tensor x, @Nullable Tensor norm, int[] positions) {
        int length = config.keyLength();
        return turnsFirst
                ? Attention.norm(k, k.rope(x, length, rope, positions), norm, config)
                : k.rope(Attention.norm(k, x, norm, config), length, rope, positions);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
