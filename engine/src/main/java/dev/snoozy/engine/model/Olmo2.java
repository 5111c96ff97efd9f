package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import java.util.Arrays;

/**
 * OLMo 2 (OLMo Team 2024), OLMo 3 (2025, by the same name in GGUF) and EXAONE 4 (LG AI Research
 * 2025): no norm before a half of a layer, one after it; norms of queries and keys, in OLMo over
 * all heads together, in EXAONE of each head; rotary positions on halves, SwiGLU.
 *
 * <p>Where there are sliding windows, every fourth layer sees everything. Of those layers OLMo 3
 * stretches the positions (YaRN), while those in the windows stay as they were trained; EXAONE 4
 * does not turn them at all.
 */
final class Olmo2 implements Transformer {
    private static final int PERIOD = 4;

    private record Layer(
            Projection qkv,
            Tensor qNorm, // [heads * keyLength] or [keyLength]
            Tensor kNorm, // [kvHeads * keyLength] or [keyLength]
            Linear output, // [embedding, heads * valueLength]
            Tensor postAttentionNorm, // [embedding]
            FeedForward feedForward,
            Tensor postFeedForwardNorm) {} // [embedding]

    private final ModelConfig config;
    private final boolean exaone;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope globalRope;
    private final Rope localRope;
    private final boolean turnsGlobal;
    private final AttentionSpec attention;

    Olmo2(ModelConfig config, Weights weights) {
        this.config = config;
        exaone = config.architecture().equals("exaone4");
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        windows = Windows.lastOfEach(config, PERIOD);
        boolean slides = Arrays.stream(windows).anyMatch(window -> window > 0);
        float[] factors = Ropes.factors(config, weights);
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, factors);
        localRope =
                exaone
                        ? Ropes.sliding(config, Rope.Pairing.HALVES, factors)
                        : Ropes.unscaled(config, Rope.Pairing.HALVES);
        turnsGlobal = !(exaone && slides);
        attention = Attention.spec(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        int length = config.keyLength();
        return new Layer(
                Projection.of(w, config, i),
                w.vector(name + "attn_q_norm.weight", exaone ? length : config.queryColumns()),
                w.vector(name + "attn_k_norm.weight", exaone ? length : config.keyColumns()),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "post_attention_norm.weight", n),
                FeedForward.Gated.of(w, config, i, Activation.SILU),
                w.vector(name + "post_ffw_norm.weight", n));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        float epsilon = config.epsilon();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] qkv = layer.qkv.apply(k, x);
            Tensor query = k.rmsNorm(qkv[0], layer.qNorm, epsilon);
            Tensor key = k.rmsNorm(qkv[1], layer.kNorm, epsilon);
            if (windows[i] > 0 || turnsGlobal) {
                Rope rope = windows[i] > 0 ? localRope : globalRope;
                query = k.rope(query, config.keyLength(), rope, positions);
                key = k.rope(key, config.keyLength(), rope, positions);
            }
            Tensor h = batch.attention(i, query, key, qkv[2], attention);
            h = layer.output.apply(k, h); // [tokens, embedding]
            x = k.add(x, k.rmsNorm(h, layer.postAttentionNorm, epsilon));
            h = layer.feedForward.apply(k, x);
            x = k.add(x, k.rmsNorm(h, layer.postFeedForwardNorm, epsilon));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), epsilon);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
