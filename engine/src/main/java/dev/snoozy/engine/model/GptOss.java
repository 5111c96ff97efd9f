package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

/**
 * gpt-oss (OpenAI 2025): every second layer sees a window, a query may look at nothing (sinks),
 * every product has a bias, and the experts' weights are a soft-max over the chosen ones.
 */
final class GptOss implements Transformer {
    private static final int PERIOD = 2;
    private static final int MOST_EXPERTS = 4096;
    private static final float[] NONE = {};

    /**
     * The mixture of a layer.
     *
     * @param gate {@code [experts, n, embedding]}, its bias {@code [experts, n]}, and so the others
     */
    record Experts(
            RouterSpec spec,
            Linear router,
            Tensor gate,
            Tensor gateBias,
            Tensor up,
            Tensor upBias,
            Tensor down,
            Tensor downBias)
            implements FeedForward {
        private static final float ALPHA = 1.702f;
        private static final float MOST = 7;

        static Experts of(Weights w, ModelConfig config, int layer) {
            String name = "blk." + layer + ".ffn_";
            int count = config.size("expert_count", MOST_EXPERTS);
            int used = config.size("expert_used_count", count);
            int n = config.integer("expert_feed_forward_length", config.feedForward());
            int embedding = config.embedding();
            return new Experts(
                    new RouterSpec(used, Scoring.SOFTMAX_OF_CHOSEN, false, 1, NONE, 1, 1),
                    w.linear(name + "gate_inp", count, embedding),
                    w.experts(name + "gate_exps.weight", count, n, embedding),
                    w.table(name + "gate_exps.bias", count, n),
                    w.experts(name + "up_exps.weight", count, n, embedding),
                    w.table(name + "up_exps.bias", count, n),
                    w.experts(name + "down_exps.weight", count, embedding, n),
                    w.table(name + "down_exps.bias", count, embedding));
        }

        @Override
        public Tensor apply(Kernels k, Tensor x) {
            Kernels.Choices choices = k.choose(router.apply(k, x), spec);
            int[] chosen = choices.experts();
            Tensor each = k.rows(x, Mixture.rows(choices, spec.used())); // [rows * used, embedding]
            Tensor gates = k.add(k.expertLinear(each, chosen, gate), k.embed(gateBias, chosen));
            Tensor ups = k.add(k.expertLinear(each, chosen, up), k.embed(upBias, chosen));
            Tensor hidden = k.clampedGate(gates, ups, ALPHA, MOST);
            Tensor out = k.add(k.expertLinear(hidden, chosen, down), k.embed(downBias, chosen));
            return k.weightedSums(out, choices.weights(), spec.used());
        }
    }

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            AttentionSpec attention, // with the layer's sinks
            Tensor feedForwardNorm, // [embedding]
            Experts experts) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final int[] windows;
    private final Rope globalRope;
    private final Rope localRope;

    GptOss(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        windows = Windows.lastOfEach(config, PERIOD);
        float[] factors = Ropes.factors(config, weights);
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, factors);
        localRope = Ropes.sliding(config, Rope.Pairing.HALVES, factors);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        float[] sinks = w.values(name + "attn_sinks.weight", config.heads());
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                Attention.spec(config).withSinks(sinks),
                w.vector(name + "post_attention_norm.weight", n),
                Experts.of(w, config, i));
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config, windows, true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Rope rope = windows[i] == 0 ? globalRope : localRope;
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            h = batch.attention(i, query, key, qkv[2], layer.attention);
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.experts.apply(k, h));
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
