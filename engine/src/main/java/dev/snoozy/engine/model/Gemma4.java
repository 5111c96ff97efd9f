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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gemma 4 (Google DeepMind 2026): as Gemma 3, with heads of one length in the
 * windows and of another where a layer sees everything, and there with turns for some pairs only
 * ({@code rope_freqs}); scores are not divided by anything, and values have a norm, too. The last
 * layers may have no keys and values but see those of the last layer of their kind that has. Each
 * layer may add to the token's state what the token means to this layer (per-layer embeddings, as
 * in Gemma 3n), and may scale its result. Layers may have experts beside their network ({@link
 * Experts}).
 */
final class Gemma4 implements Transformer {
    private static final int PERIOD = 6; // where the file does not say which layers have a window

    private static final float SOFTCAP = 30; // where the file does not say another
    private static final List<String> NONE = List.of();
    private static final List<String> KEYS_AND_VALUES = List.of("attn_k", "attn_v");

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Linear q, // [heads * length, embedding]
            @Nullable KeysAndValues kv,
            Tensor qNorm, // [length]
            Linear output, // [embedding, heads * length]
            Tensor postAttentionNorm, // [embedding]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward,
            @Nullable Experts experts,
            Tensor postFeedForwardNorm, // [embedding]
            @Nullable LayerInput input,
            float scale) {}

    /** A layer without a matrix of values takes the keys before their norm for them. */
    private record KeysAndValues(Linear k, @Nullable Linear v, Tensor kNorm, Tensor vNorm) {}

    /** What the token means to the layer: {@code norm(up(gelu(gate x) * meaning))}. */
    private record LayerInput(Linear gate, Linear up, Tensor norm) {
        int columns() {
            return gate.weight().rows();
        }
    }

    /**
     * Experts beside the network that every token goes through: each has norms of its own before and
     * behind, and the router looks at the token's state through another.
     *
     * @param router {@code [embedding]}, weights of the norm before the router
     */
    private record Experts(
            Tensor router, Tensor norm, Mixture mixture, Tensor postNorm, Tensor networkPostNorm) {
        static @Nullable Experts of(Weights w, ModelConfig config, int layer) {
            String name = "blk." + layer + ".";
            if (config.integer("expert_count", 0) == 0) {
                return null;
            }
            int n = config.embedding();
            return new Experts(
                    w.vector(name + "ffn_gate_inp.scale", n),
                    w.vector(name + "pre_ffw_norm_2.weight", n),
                    Mixture.of(w, config, layer, Activation.GELU_TANH, true),
                    w.vector(name + "post_ffw_norm_2.weight", n),
                    w.vector(name + "post_ffw_norm_1.weight", n));
        }

        /** {@code x} the state, {@code y} what the network makes of it. */
        Tensor add(Kernels k, Tensor x, Tensor y, float epsilon) {
            Tensor seen = k.rmsNorm(x, router, epsilon);
            seen = k.scale(seen, (float) (1 / Math.sqrt(x.columns())));
            Tensor scores = mixture.router().apply(k, seen); // [tokens, experts]
            Tensor h = mixture.apply(k, k.rmsNorm(x, norm, epsilon), scores);
            return k.add(
                    k.rmsNorm(y, networkPostNorm, epsilon), k.rmsNorm(h, postNorm, epsilon));
        }
    }

    /** Keys and values that layers of a kind see, and the layer in whose cache they are. */
    private record Seen(int layer, Tensor keys, Tensor values) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final @Nullable LayerInputs inputs;
    private final Layer[] layers;
    private final int[] windows;
    private final int stored; // layers that have keys and values
    private final AttentionSpec[] attention; // of the layers that have keys and values
    private final Rope globalRope;
    private final Rope localRope;
    private final float finalSoftcap;

    Gemma4(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        windows = Windows.lastOfEach(config, PERIOD);
        stored = config.layers() - config.integer("attention.shared_kv_layers", 0);
        if (stored < 1 || stored > config.layers()) {
            throw new ModelException(
                    config.key("attention.shared_kv_layers")
                            + ": expected 0 to "
                            + (config.layers() - 1)
                            + ", found "
                            + (config.layers() - stored));
        }
        for (int i = stored; i < windows.length; i++) {
            requireLike(i);
        }
        attention = new AttentionSpec[stored];
        Arrays.setAll(attention, i -> new AttentionSpec(config.heads(), kvHeads(i), 1, 0));
        inputs = LayerInputs.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        localRope =
                Ropes.plain(
                        Rope.Pairing.HALVES,
                        Ropes.dimensions(config, "rope.dimension_count_swa", localLength()),
                        config.number("rope.freq_base_swa", 10_000f));
        finalSoftcap = config.number("final_logit_softcapping", SOFTCAP);
    }

    /** A layer without keys and values needs an earlier one of its kind that has them. */
    private void requireLike(int layer) {
        for (int i = 0; i < stored; i++) {
            if (windows[i] > 0 == windows[layer] > 0) {
                return;
            }
        }
        throw new ModelException(
                config.key("attention.shared_kv_layers")
                        + ": layer "
                        + layer
                        + " is to see what an earlier one stores, and none of those is like it");
    }

    private int localLength() {
        return config.has("attention.key_length_swa")
                ? config.size("attention.key_length_swa", config.keyLength())
                : config.keyLength();
    }

    /** Columns of a head of queries, keys or values. */
    private int length(int layer) {
        return windows[layer] > 0 ? localLength() : config.keyLength();
    }

    private int kvHeads(int layer) {
        return config.of("attention.head_count_kv", layer, config.kvHeads());
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        for (String part : i < stored ? NONE : KEYS_AND_VALUES) {
            w.leave(name + part); // some files have them, and do not use them
        }
        int queries = config.heads() * length(i);
        boolean scaled = w.has(name + "layer_output_scale.weight");
        int inner = inputs == null ? 0 : inputs.length();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                w.linear(name + "attn_q", queries, n),
                i < stored ? keysAndValues(w, i) : null,
                w.vector(name + "attn_q_norm.weight", length(i)),
                w.linear(name + "attn_output", n, queries),
                w.vector(name + "post_attention_norm.weight", n),
                w.vector(name + "ffn_norm.weight", n),
                FeedForward.Gated.of(w, config, i, Activation.GELU_TANH),
                Experts.of(w, config, i),
                w.vector(name + "post_ffw_norm.weight", n),
                inner == 0
                        ? null
                        : new LayerInput(
                                w.linear(name + "inp_gate", inner, n),
                                w.linear(name + "proj", n, inner),
                                w.vector(name + "post_norm.weight", n)),
                scaled ? w.values(name + "layer_output_scale.weight", 1)[0] : 1);
    }

    private KeysAndValues keysAndValues(Weights w, int i) {
        String name = "blk." + i + ".attn_";
        int columns = kvHeads(i) * length(i);
        boolean values = w.has(name + "v.weight");
        return new KeysAndValues(
                w.linear(name + "k", columns, config.embedding()),
                values ? w.linear(name + "v", columns, config.embedding()) : null,
                w.vector(name + "k_norm.weight", length(i)),
                w.ones(length(i)));
    }

    @Override
    public CachePlan cachePlan() {
        CachePlan.Heads[] heads = new CachePlan.Heads[stored];
        Arrays.setAll(heads, i -> new CachePlan.Heads(kvHeads(i), length(i), length(i)));
        return new CachePlan(heads, Arrays.copyOf(windows, stored), true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        float epsilon = config.epsilon();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = k.scale(x, (float) Math.sqrt(config.embedding()));
        Tensor meanings = inputs == null ? x : inputs.of(k, batch.tokens(), x);
        Seen[] seen = new Seen[2]; // of layers that see everything, and of those with a window
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            int kind = windows[i] > 0 ? 1 : 0;
            Tensor h = k.rmsNorm(x, layer.attentionNorm, epsilon);
            Tensor query = k.rmsNorm(layer.q.apply(k, h), layer.qNorm, epsilon);
            query = turned(k, query, i, positions); // [tokens, heads * length]
            if (layer.kv != null) {
                Tensor key = layer.kv.k.apply(k, h); // [tokens, kvHeads * length]
                Tensor value = layer.kv.v == null ? key : layer.kv.v.apply(k, h);
                key = turned(k, k.rmsNorm(key, layer.kv.kNorm, epsilon), i, positions);
                seen[kind] = new Seen(i, key, k.rmsNorm(value, layer.kv.vNorm, epsilon));
            }
            // A layer without keys and values stores those it sees once more, which changes none.
            Seen of = seen[kind];
            h = batch.attention(of.layer, query, of.keys, of.values, attention[of.layer]);
            h = layer.output.apply(k, h); // [tokens, embedding]
            x = k.add(x, k.rmsNorm(h, layer.postAttentionNorm, epsilon));
            h = layer.feedForward.apply(k, k.rmsNorm(x, layer.feedForwardNorm, epsilon));
            h = layer.experts == null ? h : layer.experts.add(k, x, h, epsilon);
            x = k.add(x, k.rmsNorm(h, layer.postFeedForwardNorm, epsilon));
            if (layer.input != null) {
                int n = layer.input.columns();
                Tensor meaning = k.columns(meanings, i * n, n); // [tokens, n]
                Tensor gate = layer.input.gate.apply(k, x);
                h = layer.input.up.apply(k, k.gated(Activation.GELU_TANH, gate, meaning));
                x = k.add(x, k.rmsNorm(h, layer.input.norm, epsilon));
            }
            x = Multipliers.scale(k, x, layer.scale);
            k.recycle(kept(x, meanings, seen));
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), epsilon);
    }

    /** Queries or keys of a layer, turned by their positions. */
    private Tensor turned(Kernels k, Tensor x, int layer, int[] positions) {
        return k.rope(x, length(layer), windows[layer] > 0 ? localRope : globalRope, positions);
    }

    private static Tensor[] kept(Tensor x, Tensor meanings, Seen[] seen) {
        List<Tensor> kept = new ArrayList<>(List.of(x, meanings));
        for (Seen each : seen) {
            if (each != null) {
                kept.add(each.keys);
                kept.add(each.values);
            }
        }
        return kept.toArray(Tensor[]::new);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        Kernels k = batch.kernels();
        Tensor scores = embeddings.scores(k, hidden);
        return finalSoftcap == 0 ? scores : k.softcap(scores, finalSoftcap);
    }
}
