package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * GPT-2 (Radford et al. 2019): learnt positions, layer norms with biases, one matrix for queries,
 * keys and values, a plain feed-forward network with GELU. StarCoder (Li et al. 2023) is the same
 * with one head of keys and values.
 */
final class Gpt2 implements Transformer {
    private record Layer(
            LayerNorm attentionNorm,
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
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
        embeddings = Embeddings.of(config, weights);
        positionTable = Embeddings.positions(config, weights);
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            String name = "blk." + i + ".";
            layers[i] =
                    new Layer(
                            LayerNorm.of(weights, config, name + "attn_norm"),
                            Projection.of(weights, config, i),
                            weights.linear(name + "attn_output", n, config.attentionColumns()),
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
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = k.add(x, k.embed(positionTable, batch.positions()));
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] qkv = layer.qkv.apply(k, layer.attentionNorm.apply(k, x));
            Tensor h = batch.attention(i, qkv[0], qkv[1], qkv[2], attention);
            x = k.add(x, layer.output.apply(k, h));
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
