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
 * Gemma 3n (Google DeepMind 2025): as Gemma 3, over several states of each token ({@link Altup}),
 * with a map of low rank beside attention (Menghani et al. 2024, "LAUREL"), what the token means to
 * each layer ({@link LayerInputs}), and values with a norm. The last layers have no keys and values
 * but see those of the last layer of their kind that has. In the first layers only the largest
 * gates let something through.
 */
final class Gemma3n implements Transformer {
    private static final int PERIOD = 5; // where the file does not say which layers have a window
    private static final int STORED = 20; // layers with keys and values, where it does not say
    private static final int STATES = 4;
    private static final int SPARSE = 10; // layers, where it does not say
    private static final float DEVIATIONS = 1.6448533535f; // of 95 in 100 gates
    private static final float SOFTCAP = 30;
    private static final List<String> NONE = List.of();
    private static final List<String> KEYS_AND_VALUES = List.of("attn_k", "attn_v");

    private record Layer(
            Altup altup,
            Tensor attentionNorm, // [embedding]
            Linear laurelLeft, // [rank, embedding]
            Linear laurelRight, // [embedding, rank]
            Tensor laurelNorm, // [embedding]
            Linear q, // [heads * keyLength, embedding]
            @Nullable Linear k, // [kvHeads * keyLength, embedding]
            @Nullable Linear v, // [kvHeads * valueLength, embedding]
            Tensor qNorm, // [keyLength]
            @Nullable Tensor kNorm, // [keyLength]
            Linear output, // [embedding, heads * valueLength]
            Tensor postAttentionNorm, // [embedding]
            Tensor feedForwardNorm, // [embedding]
            Linear gate, // [feedForward, embedding]
            Linear up, // [feedForward, embedding]
            Linear down, // [embedding, feedForward]
            Tensor postFeedForwardNorm, // [embedding]
            float[] activeScale, // [embedding]
            Linear inputGate, // [length, embedding]
            Linear inputUp, // [embedding, length]
            Tensor inputNorm) {} // [embedding]

    /** Keys and values that layers of a kind see, and the layer in whose cache they are. */
    private record Seen(int layer, Tensor keys, Tensor values) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final LayerInputs inputs;
    private final Tensor apart; // [states - 1, embedding, embedding]
    private final Tensor together; // [states - 1, embedding, embedding]
    private final Layer[] layers;
    private final int[] windows;
    private final int stored; // layers that have keys and values
    private final int states;
    private final int active;
    private final Tensor valueNorm; // of ones
    private final AttentionSpec attention;
    private final Rope globalRope;
    private final Rope localRope;
    private final float finalSoftcap;

    Gemma3n(ModelConfig config, Weights weights) {
        this.config = config;
        int n = config.embedding();
        embeddings = Embeddings.of(config, weights);
        inputs = LayerInputs.required(config, weights);
        states = config.integer("altup.num_inputs", STATES);
        active = config.integer("altup.active_idx", 0);
        if (states < 2 || states > n || active < 0 || active >= states) {
            throw new ModelException(
                    config.key("altup.num_inputs")
                            + ": expected at least 2 and the active one among them, found "
                            + states
                            + " and "
                            + active);
        }
        apart = weights.experts("altup_proj.weight", states - 1L, n, n);
        together = weights.experts("altup_unembd_proj.weight", states - 1L, n, n);
        windows = Windows.lastOfEach(config, PERIOD);
        int usual = Math.max(0, config.layers() - STORED);
        stored = config.layers() - config.integer("attention.shared_kv_layers", usual);
        requireStored();
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        valueNorm = weights.ones(config.valueLength());
        attention = Attention.spec(config, config.number("attention.scale", 1), 0);
        globalRope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        localRope = Ropes.local(config, Rope.Pairing.HALVES);
        finalSoftcap = config.number("final_logit_softcapping", SOFTCAP);
    }

    /** Every layer without keys and values needs an earlier one of its kind that has them. */
    private void requireStored() {
        for (int i = Math.max(0, stored); i < windows.length; i++) {
            int layer = i;
            boolean like =
                    Arrays.stream(windows, 0, Math.clamp(stored, 0, i))
                            .anyMatch(window -> window > 0 == windows[layer] > 0);
            if (!like) {
                throw new ModelException(
                        config.key("attention.shared_kv_layers")
                                + ": layer "
                                + i
                                + " is to see what an earlier one stores, and none is like it");
            }
        }
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        for (String part : i < stored ? NONE : KEYS_AND_VALUES) {
            w.leave(name + part); // some files have them, and do not use them
        }
        int rows = config.of("feed_forward_length", i, config.feedForward());
        long rank = w.rowsOf(name + "laurel_l.weight");
        boolean stores = i < stored;
        return new Layer(
                Altup.of(w, config, i, states, active),
                w.vector(name + "attn_norm.weight", n),
                w.linear(name + "laurel_l", rank, n),
                w.linear(name + "laurel_r", n, rank),
                w.vector(name + "laurel_post_norm.weight", n),
                w.linear(name + "attn_q", config.queryColumns(), n),
                stores ? w.linear(name + "attn_k", config.keyColumns(), n) : null,
                stores ? w.linear(name + "attn_v", config.valueColumns(), n) : null,
                w.vector(name + "attn_q_norm.weight", config.keyLength()),
                stores ? w.vector(name + "attn_k_norm.weight", config.keyLength()) : null,
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "post_attention_norm.weight", n),
                w.vector(name + "ffn_norm.weight", n),
                w.linear(name + "ffn_gate", rows, n),
                w.linear(name + "ffn_up", rows, n),
                w.linear(name + "ffn_down", n, rows),
                w.vector(name + "post_ffw_norm.weight", n),
                w.values(name + "altup_correct_scale.weight", n),
                w.linear(name + "inp_gate", inputs.length(), n),
                w.linear(name + "proj", n, inputs.length()),
                w.vector(name + "post_norm.weight", n));
    }

    /** The least gate that lets something through, in standard deviations; 0 where all do. */
    private float deviations(int layer) {
        return config.get("activation_sparsity_scale") instanceof float[] each
                        && layer < each.length
                ? each[layer]
                : layer < SPARSE ? DEVIATIONS : 0;
    }

    @Override
    public CachePlan cachePlan() {
        CachePlan.Heads heads =
                new CachePlan.Heads(config.kvHeads(), config.keyLength(), config.valueLength());
        CachePlan.Heads[] all = new CachePlan.Heads[stored];
        Arrays.fill(all, heads);
        return new CachePlan(all, Arrays.copyOf(windows, stored), true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor[] x = new Tensor[states]; // each [tokens, embedding]
        x[0] = embeddings.embed(k, batch.tokens());
        x[0] = k.scale(x[0], (float) Math.sqrt(config.embedding()));
        float[] lengths = Altup.lengths(k, x[0]);
        for (int i = 1; i < states; i++) {
            x[i] = Altup.like(k, x[0], apart, i - 1, lengths);
        }
        Tensor meanings = inputs.of(k, batch.tokens(), x[0]);
        Seen[] seen = new Seen[2]; // of layers that see everything, and of those with a window
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor[] predicted = layer.altup.predicted(k, x);
            Tensor computed = computed(batch, i, predicted[active], seen);
            x = layer.altup.corrected(k, predicted, computed);
            Tensor gate = layer.inputGate.apply(k, k.scaleColumns(x[active], layer.activeScale));
            Tensor meaning = k.columns(meanings, i * inputs.length(), inputs.length());
            Tensor h = layer.inputUp.apply(k, k.gated(Activation.GELU_TANH, gate, meaning));
            h = k.rmsNorm(h, layer.inputNorm, config.epsilon());
            for (int state = 1; state < states; state++) {
                x[state] = k.add(x[state], h);
            }
            k.recycle(kept(x, meanings, seen));
        }
        Tensor mean = x[0];
        lengths = Altup.lengths(k, x[active]);
        for (int i = 1; i < states; i++) {
            mean = k.add(mean, Altup.like(k, x[i], together, i - 1, lengths));
        }
        mean = k.rows(k.scale(mean, 1f / states), batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(mean, embeddings.outputNorm(), config.epsilon());
    }

    /** What a layer makes of the active state, {@code [tokens, embedding]}. */
    private Tensor computed(Batch batch, int i, Tensor x, Seen[] seen) {
        Kernels k = batch.kernels();
        Layer layer = layers[i];
        float epsilon = config.epsilon();
        Tensor h = k.rmsNorm(x, layer.attentionNorm, epsilon);
        Tensor laurel = layer.laurelRight.apply(k, layer.laurelLeft.apply(k, h));
        laurel = k.add(k.rmsNorm(laurel, layer.laurelNorm, epsilon), h);
        h = layer.output.apply(k, attend(batch, i, h, seen));
        h = k.add(k.rmsNorm(h, layer.postAttentionNorm, epsilon), x);
        Tensor both = k.scale(k.add(h, laurel), (float) Math.sqrt(0.5));
        h = k.rmsNorm(both, layer.feedForwardNorm, epsilon);
        Tensor[] halves = Linear.applyAll(k, h, layer.gate, layer.up);
        float deviations = deviations(i);
        Tensor gate = deviations > 0 ? k.above(halves[0], deviations) : halves[0];
        h = layer.down.apply(k, k.gated(Activation.GELU_TANH, gate, halves[1]));
        return k.add(k.rmsNorm(h, layer.postFeedForwardNorm, epsilon), both);
    }

    private Tensor attend(Batch batch, int i, Tensor x, Seen[] seen) {
        Kernels k = batch.kernels();
        Layer layer = layers[i];
        int kind = windows[i] > 0 ? 1 : 0;
        Rope rope = windows[i] > 0 ? localRope : globalRope;
        Tensor query = Attention.norm(k, layer.q.apply(k, x), layer.qNorm, config);
        query = k.rope(query, config.keyLength(), rope, batch.positions());
        if (layer.k != null && layer.v != null) {
            Tensor key = Attention.norm(k, layer.k.apply(k, x), layer.kNorm, config);
            key = k.rope(key, config.keyLength(), rope, batch.positions());
            Tensor value = k.rmsNorm(layer.v.apply(k, x), valueNorm, config.epsilon());
            seen[kind] = new Seen(i, key, value);
        }
        Seen of = seen[kind]; // a layer without them stores those it sees once more
        return batch.attention(of.layer, query, of.keys, of.values, attention);
    }

    private static Tensor[] kept(Tensor[] x, Tensor meanings, Seen[] seen) {
        List<Tensor> kept = new ArrayList<>(List.of(x));
        kept.add(meanings);
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
