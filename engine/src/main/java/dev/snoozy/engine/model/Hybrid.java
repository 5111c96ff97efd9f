package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Decoders with recurrent layers, all or some: a {@link Mixer}, then a feed-forward network, each
 * after a norm.
 *
 * <ul>
 *   <li>{@code mamba} (Gu and Dao 2023; Falcon Mamba, Zuo et al. 2024) and {@code mamba2} (Dao and
 *       Gu 2024) have nothing but mixers;
 *   <li>{@code lfm2} and, with experts, {@code lfm2moe} (Liquid AI 2025) have short convolutions
 *       between gates, and in some layers attention;
 *   <li>{@code qwen35} and, with experts, {@code qwen35moe} (2026) and {@code qwen3next} (2025)
 *       have gated delta rules, and in every fourth layer attention with a gate, of whose heads a
 *       part is turned;
 *   <li>{@code jamba} (Lieber et al. 2024) has Mamba, some layers of attention in which nothing is
 *       turned, and some with experts;
 *   <li>{@code falcon-h1} (Zuo et al. 2025) has Mamba 2 and attention side by side in every layer;
 *   <li>{@code granitehybrid} (IBM 2025) has Mamba 2 and some layers of attention, in which nothing
 *       is turned if the file says so, and {@link Multipliers};
 *   <li>{@code nemotron_h} and {@code nemotron_h_moe} (NVIDIA 2025) have Mamba 2, attention in
 *       which nothing is turned, and plain networks with a squared ReLU, in layers of their own.
 * </ul>
 *
 * <p>Which layer is what the file says by the number of heads, and the width, of each.
 */
final class Hybrid implements Transformer {
    private static final int USUAL_INTERVAL = 4;

    /** A layer; where a half is missing, so is its norm. */
    private record Layer(
            @Nullable Tensor mixerNorm, // [embedding]
            @Nullable Mixer mixer,
            @Nullable Tensor feedForwardNorm, // [embedding]
            @Nullable FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Multipliers multipliers;
    private final Layer[] layers;

    Hybrid(ModelConfig config, Weights weights) {
        this.config = config;
        boolean lfm = config.architecture().startsWith("lfm2");
        String last = lfm ? "token_embd_norm.weight" : "output_norm.weight";
        embeddings = Embeddings.of(config, weights, weights.vector(last, config.embedding()));
        multipliers = Multipliers.of(config);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
    }

    private Layer layer(Weights w, int i) {
        Tensor norm = w.vector("blk." + i + ".attn_norm.weight", config.embedding());
        return switch (config.architecture()) {
            case "mamba" -> new Layer(norm, MambaMixer.of(w, config, i), null, null);
            case "mamba2" -> new Layer(norm, Mamba2Mixer.of(w, config, i), null, null);
            case "lfm2", "lfm2moe" ->
                    layer(norm, convolutionOrAttention(w, i), w, i, "ffn_norm.weight");
            case "qwen35", "qwen35moe", "qwen3next" ->
                    layer(norm, deltaOrAttention(w, i), w, i, "post_attention_norm.weight");
            case "granitehybrid", "jamba" ->
                    layer(norm, scanOrAttention(w, i), w, i, "ffn_norm.weight");
            case "falcon-h1" -> layer(norm, both(w, i), w, i, "ffn_norm"); // its name ends so
            default -> half(norm, w, i);
        };
    }

    private Layer layer(Tensor norm, Mixer mixer, Weights w, int i, String second) {
        Tensor secondNorm = w.vector("blk." + i + "." + second, config.embedding());
        return new Layer(norm, mixer, secondNorm, network(w, i));
    }

    private FeedForward network(Weights w, int i) {
        boolean mixed =
                switch (config.architecture()) {
                    case "qwen35moe", "qwen3next" -> true;
                    case "granitehybrid" -> config.integer("expert_count", 0) > 0;
                    case "lfm2moe" -> i >= config.integer("leading_dense_block_count", 0);
                    case "jamba" ->
                            config.integer("expert_count", 0) > 0
                                    && !w.has("blk." + i + ".ffn_gate.weight");
                    default -> false;
                };
        boolean normalizes = !config.architecture().equals("jamba");
        return mixed
                ? Mixture.of(w, config, i, Activation.SILU, normalizes)
                : FeedForward.Gated.of(w, config, i, Activation.SILU);
    }

    /** Nemotron H: a layer is either half. */
    private Layer half(Tensor norm, Weights w, int i) {
        if (attends(i) || config.of("feed_forward_length", i, 0) == 0) {
            return new Layer(norm, scanOrAttention(w, i), null, null);
        }
        FeedForward network =
                config.architecture().equals("nemotron_h_moe")
                        ? Mixture.of(w, config, i, Activation.RELU_SQUARED, false)
                        : FeedForward.Plain.of(w, config, i, Activation.RELU_SQUARED);
        return new Layer(null, null, norm, network);
    }

    private boolean attends(int i) {
        return config.of("attention.head_count_kv", i, config.kvHeads()) > 0;
    }

    private Mixer convolutionOrAttention(Weights w, int i) {
        return attends(i)
                ? SelfAttention.of(w, config, i, turning(), true)
                : GatedConvolution.of(w, config, i);
    }

    private Mixer deltaOrAttention(Weights w, int i) {
        config.get("rope.dimension_sections"); // in a text the position is the same on every axis
        int interval = config.integer("full_attention_interval", USUAL_INTERVAL);
        boolean attends =
                config.get("attention.recurrent_layers") instanceof boolean[] recurrent
                        ? i < recurrent.length && !recurrent[i]
                        : interval > 0 && (i + 1) % interval == 0;
        return attends ? GatedAttention.of(w, config, i, turning()) : DeltaNet.of(w, config, i);
    }

    /** The files have the keys of rotary positions, whether anything is turned or not. */
    private Mixer scanOrAttention(Weights w, int i) {
        if (!attends(i)) {
            return config.architecture().equals("jamba")
                    ? MambaMixer.of(w, config, i)
                    : Mamba2Mixer.of(w, config, i);
        }
        boolean turned =
                config.architecture().equals("granitehybrid")
                        && config.flag("rope.scaling.finetuned", true);
        Rope rope = turned ? Ropes.of(config, Rope.Pairing.ADJACENT, new float[0]) : null;
        return SelfAttention.of(w, config, i, rope, false);
    }

    private Mixer both(Weights w, int i) {
        return new SideBySide(
                Mamba2Mixer.of(w, config, i), SelfAttention.of(w, config, i, turning(), false));
    }

    private Rope turning() {
        return Ropes.of(config, Rope.Pairing.HALVES, new float[0]);
    }

    @Override
    public CachePlan cachePlan() {
        List<Mixer> mixers = Arrays.stream(layers).map(l -> orNone(l.mixer)).toList();
        return Mixer.plan(mixers);
    }

    private static Mixer orNone(@Nullable Mixer mixer) {
        return mixer == null ? (batch, layer, x) -> x : mixer;
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        x = Multipliers.scale(k, x, multipliers.embedding());
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            if (layer.mixer != null) {
                Tensor h = k.rmsNorm(x, Objects.requireNonNull(layer.mixerNorm), config.epsilon());
                h = layer.mixer.apply(batch, i, h);
                x = k.add(x, Multipliers.scale(k, h, multipliers.residual()));
            }
            if (layer.feedForward != null) {
                Tensor norm = Objects.requireNonNull(layer.feedForwardNorm);
                Tensor h = layer.feedForward.apply(k, k.rmsNorm(x, norm, config.epsilon()));
                x = k.add(x, Multipliers.scale(k, h, multipliers.residual()));
            }
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        Kernels k = batch.kernels();
        return Multipliers.scale(k, embeddings.scores(k, hidden), multipliers.logits());
    }
}
