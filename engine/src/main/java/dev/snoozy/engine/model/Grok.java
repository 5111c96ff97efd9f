package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Grok 1 and 2 (xAI 2024): norms before and behind each half of a layer, soft-capped scores, experts
 * with GELU and, in Grok 2, a network beside them that every token goes through. Files of Grok 1
 * have no keys for its factors, which are given here.
 */
final class Grok implements Transformer {
    private static final float EMBEDDING_SCALE = 78.38367176906169f; // root of 6144
    private static final float LOGIT_SCALE = 0.5773502691896257f;
    private static final float ATTENTION_SCALE = 0.08838834764831845f; // 1 / root of 128
    private static final float SOFTCAP = 30;

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            Tensor postAttentionNorm, // [embedding]
            Tensor feedForwardNorm, // [embedding]
            Mixture experts,
            @Nullable FeedForward network,
            Tensor postFeedForwardNorm) {} // [embedding]

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final float embeddingScale;
    private final float logitScale;
    private final float routerSoftcap; // 0 for none
    private final float finalSoftcap; // 0 for none

    Grok(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        attention =
                Attention.spec(
                        config,
                        config.number("attention.output_scale", ATTENTION_SCALE),
                        config.number("attn_logit_softcapping", SOFTCAP));
        embeddingScale = config.number("embedding_scale", EMBEDDING_SCALE);
        logitScale = config.number("logit_scale", LOGIT_SCALE);
        routerSoftcap = config.number("router_logit_softcapping", 0);
        finalSoftcap = config.number("final_logit_softcapping", 0);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        boolean older = w.has(name + "layer_output_norm.weight");
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "attn_output_norm.weight", n),
                w.vector(name + "ffn_norm.weight", n),
                Mixture.of(w, config, i, Activation.GELU_TANH, true, Scoring.SOFTMAX),
                w.has(name + "ffn_up.weight")
                        ? FeedForward.Gated.of(w, config, i, Activation.GELU_TANH)
                        : null,
                w.vector(name + (older ? "layer_output_norm" : "post_ffw_norm") + ".weight", n));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, new int[config.layers()], true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        float epsilon = config.epsilon();
        Tensor x = k.scale(embeddings.embed(k, batch.tokens()), embeddingScale);
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.attentionNorm, epsilon);
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            h = layer.output.apply(k, h);
            x = k.add(x, k.rmsNorm(h, layer.postAttentionNorm, epsilon));
            h = feedForward(k, layer, k.rmsNorm(x, layer.feedForwardNorm, epsilon));
            x = k.add(x, k.rmsNorm(h, layer.postFeedForwardNorm, epsilon));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), epsilon);
    }

    private Tensor feedForward(Kernels k, Layer layer, Tensor x) {
        Tensor scores = capped(k, layer.experts.router().apply(k, x), routerSoftcap);
        Tensor y = layer.experts.apply(k, x, scores);
        return layer.network == null
                ? y
                : k.scale(k.add(layer.network.apply(k, x), y), (float) Math.sqrt(0.5));
    }

    private static Tensor capped(Kernels k, Tensor x, float cap) {
        return cap == 0 ? x : k.softcap(x, cap);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        Kernels k = batch.kernels();
        return capped(k, k.scale(embeddings.scores(k, hidden), logitScale), finalSoftcap);
    }
}
