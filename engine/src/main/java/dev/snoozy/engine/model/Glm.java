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
 * ChatGLM 3 and GLM-4 (GLM Team 2024): RMS norms, rotary positions on adjacent pairs of half of
 * each head, biases on queries, keys and values, one matrix for gate and up. GLM-4-0414 ({@code
 * glm4}) has a norm after each half of a layer, too.
 */
final class Glm implements Transformer {
    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            @Nullable Tensor postAttentionNorm, // [embedding]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward,
            @Nullable Tensor postFeedForwardNorm) {} // [embedding]

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;

    Glm(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, pairing(config), Ropes.factors(config, weights));
        attention = Attention.spec(config);
    }

    /** The models that also see, whose positions have several axes, turn halves. */
    private static Rope.Pairing pairing(ModelConfig config) {
        boolean axes =
                config.get("rope.dimension_sections") instanceof int[] columns
                        && columns.length > 1
                        && columns[0] > 0
                        && columns[1] > 0;
        return axes ? Rope.Pairing.HALVES : Rope.Pairing.ADJACENT;
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        boolean after = config.architecture().equals("glm4");
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                after ? w.vector(name + "post_attention_norm.weight", n) : null,
                w.vector(name + "ffn_norm.weight", n),
                FeedForward.Fused.of(w, config, i, Activation.SILU),
                after ? w.vector(name + "post_ffw_norm.weight", n) : null);
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
            h = layer.output.apply(k, h);
            x = k.add(x, Attention.norm(k, h, layer.postAttentionNorm, config));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            h = layer.feedForward.apply(k, h);
            x = k.add(x, Attention.norm(k, h, layer.postFeedForwardNorm, config));
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
