package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Llama 4 (Meta 2025): three of four layers turn queries and keys and see the part of the text that
 * they are in (a chunk of 8192 positions), the fourth turns nothing, sees everything, and scales
 * its queries by the logarithm of their position. Turned queries and keys have a norm without
 * weights, but not in the model of 128 experts, which nothing in the file tells. In every so many
 * layers a router chooses an expert by its sigmoid, which weighs what goes into the expert; one
 * more expert sees every token.
 */
final class Llama4 implements Transformer {
    private static final int CHUNK = 8192;
    private static final int PERIOD = 4;
    private static final float TEMPERATURE = 0.1f;
    private static final int WITHOUT_NORMS = 128;

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope rope;
    private final AttentionSpec attention;
    private final AttentionTemperature temperature;
    private final @Nullable Tensor ones; // [keyLength]

    Llama4(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        windows = windows(config);
        rope = Ropes.sliding(config, Rope.Pairing.ADJACENT, Ropes.factors(config, weights));
        attention = Attention.spec(config);
        temperature = new AttentionTemperature(TEMPERATURE, CHUNK, 1);
        boolean norms = config.integer("expert_count", 0) != WITHOUT_NORMS;
        ones = norms ? weights.ones(config.keyLength()) : null;
    }

    private static int[] windows(ModelConfig config) {
        int chunk = config.integer("attention.sliding_window", CHUNK);
        if (chunk <= 0) {
            throw new ModelException(
                    config.key("attention.sliding_window")
                            + ": expected the length of a chunk, found "
                            + chunk
                            + "; models without chunks were not compared with others and are not run");
        }
        int period = config.integer("attention.sliding_window_pattern", PERIOD);
        if (period < 1) {
            throw new ModelException(
                    config.key("attention.sliding_window_pattern")
                            + ": expected a number of layers, found "
                            + period);
        }
        int[] windows = new int[config.layers()];
        Arrays.setAll(windows, i -> (i + 1) % period == 0 ? 0 : chunk);
        return windows;
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        int step = config.integer("interleave_moe_layer_step", 1);
        boolean mixed = step > 0 && (i + 1) % step == 0;
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "ffn_norm.weight", n),
                mixed
                        ? Mixture.of(w, config, i, Activation.SILU, false, Scoring.SIGMOID)
                        : FeedForward.Gated.of(w, config, i, Activation.SILU));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, true).inChunks();
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
            boolean turns = (i + 1) % PERIOD != 0;
            Tensor query =
                    turns ? turned(k, qkv[0], positions) : temperature.apply(k, qkv[0], positions);
            Tensor key = turns ? turned(k, qkv[1], positions) : qkv[1];
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    private Tensor turned(Kernels k, Tensor x, int[] positions) {
        return Attention.norm(k, k.rope(x, config.keyLength(), rope, positions), ones, config);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
