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
 * Gemma (Gemma Team 2024), Gemma 2 (2024) and Gemma 3 (2025): the token state is scaled by the root
 * of its length and the gate is a GELU. From 2 on each half of a layer has a norm before and after,
 * and most layers see only a sliding window. Gemma 2 caps its scores and takes turns between a
 * window and none; Gemma 3 norms the heads of queries and keys, has five windows to one full layer,
 * and turns by another base in the windows; EmbeddingGemma (2025, {@code gemma-embedding}) is a
 * Gemma 3 that sees both sides. The norm weights of the files have the 1 of {@code (1 + w)} added
 * already.
 */
final class Gemma implements Transformer {
    private static final int GEMMA2_27B_LAYERS = 46;
    private static final int GEMMA2_WINDOW = 4096; // where a file does not say
    private static final int GEMMA3_27B_LAYERS = 62;

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            @Nullable Tensor qNorm, // [keyLength]
            @Nullable Tensor kNorm, // [keyLength]
            Linear output, // [embedding, heads * valueLength]
            @Nullable Tensor postAttentionNorm, // [embedding]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward,
            @Nullable Tensor postFeedForwardNorm) {} // [embedding]

    private final ModelConfig config;
    private final boolean first;
    private final boolean third;
    private final boolean encoder;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope globalRope;
    private final Rope localRope;
    private final AttentionSpec attention;
    private final float finalSoftcap;

    Gemma(ModelConfig config, Weights weights) {
        this.config = config;
        first = config.architecture().equals("gemma");
        encoder = config.architecture().equals("gemma-embedding");
        third = encoder || config.architecture().equals("gemma3");
        embeddings =
                encoder ? Embeddings.ofEncoder(config, weights) : Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        windows = first ? new int[layers.length] : windows(config);
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        boolean second = !first && !third;
        localRope =
                second
                        ? Ropes.sliding(config, Rope.Pairing.HALVES, new float[0])
                        : Ropes.local(config, Rope.Pairing.HALVES);
        // The 27B models divide by the root of embedding / heads, which is not their key length.
        boolean large =
                third && layers.length == GEMMA3_27B_LAYERS
                        || second && layers.length == GEMMA2_27B_LAYERS;
        int divisor = large ? config.embedding() / config.heads() : config.keyLength();
        float softcap = config.number("attn_logit_softcapping", second ? 50 : 0);
        attention = Attention.spec(config, (float) (1 / Math.sqrt(divisor)), softcap);
        finalSoftcap = config.number("final_logit_softcapping", second ? 30 : 0);
    }

    private int[] windows(ModelConfig config) {
        return third ? Windows.lastOfEach(config, 6) : Windows.lastOfEach(config, 2, GEMMA2_WINDOW);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                third ? w.vector(name + "attn_q_norm.weight", config.keyLength()) : null,
                third ? w.vector(name + "attn_k_norm.weight", config.keyLength()) : null,
                w.linear(name + "attn_output", n, config.attentionColumns()),
                first ? null : w.vector(name + "post_attention_norm.weight", n),
                w.vector(name + "ffn_norm.weight", n),
                FeedForward.Gated.of(w, config, i, Activation.GELU_TANH),
                first ? null : w.vector(name + "post_ffw_norm.weight", n));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, !encoder);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        float epsilon = config.epsilon();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = k.scale(x, (float) Math.sqrt(config.embedding()));
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Rope rope = windows[i] == 0 ? globalRope : localRope;
            Tensor h = k.rmsNorm(x, layer.attentionNorm, epsilon);
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = Attention.norm(k, qkv[0], layer.qNorm, config);
            Tensor key = Attention.norm(k, qkv[1], layer.kNorm, config);
            query = k.rope(query, config.keyLength(), rope, positions);
            key = k.rope(key, config.keyLength(), rope, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            h = layer.output.apply(k, h);
            x = k.add(x, Attention.norm(k, h, layer.postAttentionNorm, config));
            h = k.rmsNorm(x, layer.feedForwardNorm, epsilon);
            h = layer.feedForward.apply(k, h);
            x = k.add(x, Attention.norm(k, h, layer.postFeedForwardNorm, config));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), epsilon);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        if (encoder) {
            throw new ModelException(
                    "gemma-embedding is an encoder and predicts no next token; use it for"
                            + " embeddings");
        }
        Kernels k = batch.kernels();
        Tensor scores = embeddings.scores(k, hidden);
        return finalSoftcap == 0 ? scores : k.softcap(scores, finalSoftcap);
    }
}
