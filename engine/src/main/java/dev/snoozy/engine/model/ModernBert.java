package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * ModernBERT (Warner et al. 2024): an encoder with rotary positions on halves, layer norms without
 * biases before each half of a layer, and GELU gates. The first of three layers sees the whole
 * text, the others a window to both sides, in which they turn by another base. The first layer has
 * no norm before attention: that of the token table serves it.
 */
final class ModernBert implements Transformer {
    private static final int PERIOD = 3;

    private record Layer(
            @Nullable LayerNorm attentionNorm,
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            LayerNorm feedForwardNorm,
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Tensor tokens; // [vocabulary, embedding]
    private final LayerNorm inputNorm;
    private final LayerNorm outputNorm;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope globalRope;
    private final Rope localRope;
    private final AttentionSpec attention;

    ModernBert(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        tokens = weights.table("token_embd.weight", weights.rowsOf("token_embd.weight"), n);
        inputNorm = LayerNorm.of(weights, config, "token_embd_norm");
        outputNorm = LayerNorm.of(weights, config, "output_norm");
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            String name = "blk." + i + ".";
            layers[i] =
                    new Layer(
                            i == 0
                                    ? LayerNorm.optional(weights, config, name + "attn_norm")
                                    : LayerNorm.of(weights, config, name + "attn_norm"),
                            Projection.of(weights, config, i),
                            weights.linear(name + "attn_output", n, config.attentionColumns()),
                            LayerNorm.of(weights, config, name + "ffn_norm"),
                            FeedForward.Fused.of(weights, config, i, activation(config)));
        }
        windows = Windows.firstOfEach(config, PERIOD);
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        localRope = Ropes.local(config, Rope.Pairing.HALVES);
        attention = Attention.spec(config);
    }

    private static Activation activation(ModelConfig config) {
        String name = config.string("hidden_activation", "gelu");
        return switch (name) {
            case "gelu", "geglu" -> Activation.GELU_TANH;
            case "silu", "swish", "swiglu" -> Activation.SILU;
            default ->
                    throw new ModelException(
                            config.key("hidden_activation")
                                    + ": expected gelu or silu, found "
                                    + name);
        };
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, false);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = inputNorm.apply(k, k.embed(tokens, batch.tokens())); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Rope rope = windows[i] == 0 ? globalRope : localRope;
            Tensor[] qkv = layer.qkv.apply(k, LayerNorm.apply(layer.attentionNorm, k, x));
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            x = k.add(x, layer.output.apply(k, h)); // [tokens, embedding]
            x = k.add(x, layer.feedForward.apply(k, layer.feedForwardNorm.apply(k, x)));
            k.recycle(x);
        }
        return outputNorm.apply(k, k.rows(x, batch.outputs())); // [outputs, embedding]
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        throw new ModelException(
                "modern-bert is an encoder and predicts no next token; use it for embeddings");
    }
}
