package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.DeltaSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import java.util.Arrays;

/**
 * Qwen 3.5 (2026): three layers of four have a gated delta rule (Yang et al. 2024) in the place of
 * attention; the fourth has attention with grouped heads, a norm over each head of queries and keys,
 * of which only a part is turned, and a gate on what it gives.
 */
final class Qwen35 implements Transformer {
    private static final int USUAL_INTERVAL = 4;

    /**
     * A gated delta rule.
     *
     * @param qkv {@code [2 * keyHeads * keyLength + valueHeads * valueLength, embedding]}
     * @param gate {@code [valueHeads * valueLength, embedding]}
     * @param step {@code [valueHeads, embedding]}
     * @param beta {@code [valueHeads, embedding]}
     * @param norm {@code [valueLength]}
     * @param out {@code [embedding, valueHeads * valueLength]}
     */
    private record DeltaNet(
            Linear qkv,
            Linear gate,
            Linear step,
            Linear beta,
            ShortConvolution convolution,
            DeltaSpec spec,
            Tensor norm,
            Linear out,
            float epsilon)
            implements Mixer {
        static DeltaNet of(Weights w, ModelConfig config, int layer) {
            String name = "blk." + layer + ".";
            int n = config.embedding();
            int inner = config.size("ssm.inner_size", ModelConfig.LARGEST);
            int keyLength = config.size("ssm.state_size", ModelConfig.LARGEST);
            int keyHeads = config.size("ssm.group_count", ModelConfig.LARGEST);
            int valueHeads = config.size("ssm.time_step_rank", ModelConfig.LARGEST);
            int width = config.size("ssm.conv_kernel", ShortConvolution.WIDEST);
            config.requireDivisor("ssm.time_step_rank", inner);
            config.requireDivisor("ssm.group_count", valueHeads);
            int keys = Math.multiplyExact(keyHeads, keyLength);
            int convolved = Math.addExact(2 * keys, inner);
            return new DeltaNet(
                    w.linear(name + "attn_qkv", convolved, n),
                    w.linear(name + "attn_gate", inner, n),
                    w.linear(name + "ssm_alpha", valueHeads, n),
                    w.linear(name + "ssm_beta", valueHeads, n),
                    ShortConvolution.of(w, name + "ssm_conv1d", convolved, width),
                    new DeltaSpec(
                            keyHeads,
                            valueHeads,
                            keyLength,
                            inner / valueHeads,
                            w.values(name + "ssm_dt.bias", valueHeads),
                            w.values(name + "ssm_a", valueHeads),
                            config.epsilon()),
                    w.vector(name + "ssm_norm.weight", inner / valueHeads),
                    w.linear(name + "ssm_out", n, inner),
                    config.epsilon());
        }

        @Override
        public int stateLength() {
            return convolution.stateLength() + spec.length();
        }

        @Override
        public Tensor apply(Batch batch, int layer, Tensor x) {
            Kernels k = batch.kernels();
            Tensor[] all = Linear.applyAll(k, x, qkv, gate, step, beta);
            int keys = spec.keyHeads() * spec.keyLength();
            Tensor h = k.activate(Activation.SILU, convolution.apply(batch, layer, all[0]));
            h =
                    k.deltaRule(
                            k.columns(h, 0, keys),
                            k.columns(h, keys, keys),
                            k.columns(h, 2 * keys, h.columns() - 2 * keys),
                            all[2],
                            all[3],
                            spec,
                            batch.states(layer),
                            convolution.stateLength(),
                            batch.runs());
            h = k.gated(Activation.SILU, all[1], k.rmsNorm(h, norm, epsilon));
            return out.apply(k, h); // [rows, embedding]
        }
    }

    /**
     * Attention with a gate.
     *
     * @param q {@code [heads * 2 * keyLength, embedding]}: of each head the query, then its gate
     */
    private record GatedAttention(
            ModelConfig config,
            Linear q,
            Linear k,
            Linear v,
            Tensor qNorm,
            Tensor kNorm,
            Linear output,
            Rope rope,
            AttentionSpec spec)
            implements Mixer {
        static GatedAttention of(Weights w, ModelConfig config, int layer, Rope rope) {
            String name = "blk." + layer + ".attn_";
            int n = config.embedding();
            return new GatedAttention(
                    config,
                    w.linear(name + "q", 2L * config.queryColumns(), n),
                    w.linear(name + "k", config.keyColumns(), n),
                    w.linear(name + "v", config.valueColumns(), n),
                    w.vector(name + "q_norm.weight", config.keyLength()),
                    w.vector(name + "k_norm.weight", config.keyLength()),
                    w.linear(name + "output", n, config.attentionColumns()),
                    rope,
                    Attention.spec(config));
        }

        @Override
        public CachePlan.Heads heads() {
            return new CachePlan.Heads(config.kvHeads(), config.keyLength(), config.valueLength());
        }

        @Override
        public Tensor apply(Batch batch, int layer, Tensor x) {
            Kernels kernels = batch.kernels();
            int length = config.keyLength();
            Tensor[] qkv = Linear.applyAll(kernels, x, q, k, v);
            Tensor query = kernels.alternate(qkv[0], length, 0); // [rows, heads * keyLength]
            Tensor gate = kernels.alternate(qkv[0], length, 1);
            query = Attention.norm(kernels, query, qNorm, config);
            Tensor key = Attention.norm(kernels, qkv[1], kNorm, config);
            query = kernels.rope(query, length, rope, batch.positions());
            key = kernels.rope(key, length, rope, batch.positions());
            Tensor h = batch.attention(layer, query, key, qkv[2], spec);
            return output.apply(kernels, kernels.multiply(h, kernels.sigmoid(gate)));
        }
    }

    private record Layer(
            Tensor mixerNorm, // [embedding]
            Mixer mixer,
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;

    Qwen35(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        // The axes of the rotation are all the same in a text.
        config.get("rope.dimension_sections");
        rope = Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        int interval = config.integer("full_attention_interval", USUAL_INTERVAL);
        boolean attends = interval > 0 && (i + 1) % interval == 0;
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                attends ? GatedAttention.of(w, config, i, rope) : DeltaNet.of(w, config, i),
                w.vector(name + "post_attention_norm.weight", n),
                FeedForward.Gated.of(w, config, i, Activation.SILU));
    }

    @Override
    public CachePlan cachePlan() {
        return Mixer.plan(Arrays.stream(layers).map(Layer::mixer).toList());
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.mixerNorm, config.epsilon());
            x = k.add(x, layer.mixer.apply(batch, i, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
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
