package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * GPT-2 (Radford et al. 2019): learnt positions, layer norms with biases, one matrix for queries,
 * keys and values, a plain feed-forward network with GELU.
 */
final class Gpt2 implements Transformer {
    private record Layer(
            LayerNorm attentionNorm,
            Linear qkv, // [3 * embedding, embedding]
            Linear output, // [embedding, embedding]
            LayerNorm feedForwardNorm,
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Tensor positionTable; // [positions, embedding]
    private final LayerNorm outputNorm;
    private final Layer[] layers;
    private final AttentionSpec attention;

    Gpt2(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        if (config.heads() != config.kvHeads() || config.queryColumns() != n) {
            throw new ModelException(
                    "gpt2 needs as many key heads as heads, and heads that fill the embedding");
        }
        embeddings = Embeddings.of(config, weights);
        positionTable = Embeddings.positions(config, weights);
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            String name = "blk." + i + ".";
            layers[i] =
                    new Layer(
                            LayerNorm.of(weights, config, name + "attn_norm"),
                            weights.linear(name + "attn_qkv", 3L * n, n),
                            weights.linear(name + "attn_output", n, n),
                            LayerNorm.of(weights, config, name + "ffn_norm"),
                            FeedForward.Plain.of(weights, config, i, Activation.GELU_TANH));
        }
        attention = Attention.spec(config);
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int n = config.embedding();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = k.add(x, k.embed(positionTable, batch.positions()));
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor qkv = layer.qkv.apply(k, layer.attentionNorm.apply(k, x));
            Tensor query = k.columns(qkv, 0, n);
            Tensor key = k.columns(qkv, n, n);
            Tensor value = k.columns(qkv, 2 * n, n);
            Tensor h = batch.attention(i, query, key, value, attention); // [tokens, embedding]
            x = k.add(x, layer.output.apply(k, h));
            x = k.add(x, layer.feedForward.apply(k, layer.feedForwardNorm.apply(k, x)));
            k.recycle(x);
        }
        return outputNorm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return batch.kernels().linear(hidden, embeddings.output(), null);
    }
}
