package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * Nomic BERT (Nussbaum et al. 2024): BERT with rotary positions on halves, one matrix for queries,
 * keys and values, and SwiGLU.
 */
final class NomicBert implements Transformer {
    private record Layer(
            Projection qkv,
            Linear output, // [embedding, embedding]
            LayerNorm attentionNorm,
            FeedForward feedForward,
            LayerNorm outputNorm) {}

    private final ModelConfig config;
    private final EncoderInput input;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;

    NomicBert(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        input = EncoderInput.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            String name = "blk." + i + ".";
            layers[i] =
                    new Layer(
                            Projection.of(weights, config, i),
                            weights.linear(name + "attn_output", n, n),
                            LayerNorm.of(weights, config, name + "attn_output_norm"),
                            FeedForward.Gated.of(weights, config, i, Activation.SILU),
                            LayerNorm.of(weights, config, name + "layer_output_norm"));
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        attention = Attention.spec(config);
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, new int[layers.length], false);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = input.norm().apply(k, input.embed(k, batch.tokens())); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] qkv = layer.qkv.apply(k, x);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, batch.positions());
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, batch.positions());
            Tensor h = batch.attention(i, query, key, qkv[2], attention); // [tokens, embedding]
            x = layer.attentionNorm.apply(k, k.add(x, layer.output.apply(k, h)));
            x = layer.outputNorm.apply(k, k.add(x, layer.feedForward.apply(k, x)));
            k.recycle(x);
        }
        return k.rows(x, batch.outputs()); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        throw new ModelException(
                "nomic-bert is an encoder and predicts no next token; use it for embeddings");
    }
}
