package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Optional;

/**
 * BERT (Devlin et al. 2018), as embedding models use it: learnt positions, every token sees the
 * whole text, layer norms after the residual sums, GELU. Token type 0 throughout.
 */
final class Bert implements Transformer {
    private record Layer(
            Linear q, // [embedding, embedding]
            Linear k, // [embedding, embedding]
            Linear v, // [embedding, embedding]
            Linear output, // [embedding, embedding]
            LayerNorm attentionNorm,
            FeedForward feedForward,
            LayerNorm outputNorm) {}

    private final ModelConfig config;
    private final EncoderInput input;
    private final Tensor positionTable; // [positions, embedding]
    private final Layer[] layers;
    private final AttentionSpec attention;
    private final Optional<RankHead> rankHead;

    Bert(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        input = EncoderInput.of(config, weights);
        positionTable = Embeddings.positions(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            String name = "blk." + i + ".";
            layers[i] =
                    new Layer(
                            weights.linear(name + "attn_q", n, n),
                            weights.linear(name + "attn_k", n, n),
                            weights.linear(name + "attn_v", n, n),
                            weights.linear(name + "attn_output", n, n),
                            LayerNorm.of(weights, config, name + "attn_output_norm"),
                            FeedForward.Plain.of(weights, config, i, Activation.GELU_TANH),
                            LayerNorm.of(weights, config, name + "layer_output_norm"));
        }
        attention = Attention.spec(config);
        rankHead = RankHead.of(config, weights);
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, new int[layers.length], false);
    }

    @Override
    public Optional<RankHead> rankHead() {
        return rankHead;
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = input.embed(k, batch.tokens()); // [tokens, embedding]
        x = input.norm().apply(k, k.add(x, k.embed(positionTable, batch.positions())));
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] qkv = Linear.applyAll(k, x, layer.q, layer.k, layer.v);
            Tensor h = batch.attention(i, qkv[0], qkv[1], qkv[2], attention); // [tokens, embedding]
            x = layer.attentionNorm.apply(k, k.add(x, layer.output.apply(k, h)));
            x = layer.outputNorm.apply(k, k.add(x, layer.feedForward.apply(k, x)));
            k.recycle(x);
        }
        return k.rows(x, batch.outputs()); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        throw new ModelException(
                "bert is an encoder and predicts no next token; use it for embeddings");
    }
}
