package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A mixture of experts (Shazeer et al. 2017): a router chooses a few networks for each token. Some
 * have a network besides that every token goes through (Dai et al. 2024, DeepSeekMoE), itself with
 * a gate in some (Qwen 2). Llama 4 weighs what goes into an expert, not what comes out of it.
 *
 * @param router {@code [experts, embedding]}
 * @param gate {@code [experts, n, embedding]}; null where the networks are plain, or {@code up} has
 *     the gates, too
 * @param up {@code [experts, n, embedding]}, or {@code [experts, 2 n, embedding]}, the gates first
 * @param down {@code [experts, embedding, n]}
 * @param fused whether {@code up} has the gates, too
 * @param weighsInputs whether the weights are those of the experts' inputs
 * @param shared the network for every token, or null
 * @param sharedGate {@code [embedding]}, whose sigmoid its output is multiplied with; or empty
 * @param scales {@code [experts]}, of what comes out of each; or empty
 */
record Mixture(
        RouterSpec spec,
        Linear router,
        Activation activation,
        @Nullable Tensor gate,
        Tensor up,
        Tensor down,
        boolean fused,
        boolean weighsInputs,
        @Nullable FeedForward shared,
        float[] sharedGate,
        float[] scales)
        implements FeedForward {
    private static final int MOST_EXPERTS = 4096;
    private static final int SIGMOID = 2;

    /**
     * The mixture of a layer.
     *
     * @param normalizes whether the weights of the chosen experts sum to one, where the file does
     *     not say so
     */
    static Mixture of(
            Weights w, ModelConfig config, int layer, Activation activation, boolean normalizes) {
        boolean biased = w.has(bias(layer));
        Scoring usual = biased ? Scoring.SIGMOID : Scoring.SOFTMAX;
        return of(w, config, layer, activation, normalizes, usual);
    }

    /**
     * The mixture of a layer.
     *
     * @param normalizes as above
     * @param usual what scores are made of the router's outputs, where the file does not say so
     */
    static Mixture of(
            Weights w,
            ModelConfig config,
            int layer,
            Activation activation,
            boolean normalizes,
            Scoring usual) {
        String name = "blk." + layer + ".ffn_";
        int experts = config.size("expert_count", MOST_EXPERTS);
        int n = config.integer("expert_feed_forward_length", config.feedForward());
        int embedding = config.embedding();
        boolean fused = w.has(name + "gate_up_exps.weight");
        boolean apart = !fused && activation != Activation.RELU_SQUARED;
        return new Mixture(
                spec(w, config, layer, experts, normalizes, usual),
                new Linear(w.matrix(name + "gate_inp.weight", experts, embedding), null),
                activation,
                apart ? w.experts(name + "gate_exps.weight", experts, n, embedding) : null,
                fused
                        ? w.experts(name + "gate_up_exps.weight", experts, 2L * n, embedding)
                        : w.experts(name + "up_exps.weight", experts, n, embedding),
                w.experts(name + "down_exps.weight", experts, embedding, n),
                fused,
                config.architecture().equals("llama4"),
                w.has(name + "up_shexp.weight") ? shared(w, config, name, activation) : null,
                w.has(name + "gate_inp_shexp.weight")
                        ? w.values(name + "gate_inp_shexp.weight", embedding)
                        : new float[0],
                w.has(name + "down_exps.scale")
                        ? w.values(name + "down_exps.scale", experts)
                        : new float[0]);
    }

    private static FeedForward shared(
            Weights w, ModelConfig config, String name, Activation activation) {
        int embedding = config.embedding();
        long width = w.rowsOf(name + "up_shexp.weight"); // the keys for it mean different things
        Linear up = w.linear(name + "up_shexp", width, embedding);
        Linear down = w.linear(name + "down_shexp", embedding, width);
        return activation == Activation.RELU_SQUARED
                ? new Plain(activation, up, down)
                : new Gated(activation, w.linear(name + "gate_shexp", width, embedding), up, down);
    }

    private static String bias(int layer) {
        return "blk." + layer + ".exp_probs_b.bias";
    }

    private static RouterSpec spec(
            Weights w,
            ModelConfig config,
            int layer,
            int experts,
            boolean normalizes,
            Scoring usual) {
        int gating = config.integer("expert_gating_func", 0);
        if (gating < 0 || gating > SIGMOID) {
            throw new ModelException(
                    config.key("expert_gating_func")
                            + ": expected 1 (soft-max) or 2 (sigmoid), found "
                            + gating);
        }
        Scoring said = gating == SIGMOID ? Scoring.SIGMOID : Scoring.SOFTMAX;
        float scale = config.number("expert_weights_scale", 1);
        int groups = Math.max(1, config.integer("expert_group_count", 1));
        int used = config.size("expert_used_count", experts);
        int usedGroups = config.integer("expert_group_used_count", groups);
        if (experts % groups != 0 || usedGroups < 1 || usedGroups > groups) {
            throw new ModelException(
                    config.key("expert_group_count")
                            + ": expected groups of the same size of "
                            + experts
                            + " experts, found "
                            + groups
                            + ", "
                            + usedGroups
                            + " of them used");
        }
        return new RouterSpec(
                used,
                gating == 0 ? usual : said,
                config.flag("expert_weights_norm", normalizes),
                scale == 0 ? 1 : scale,
                w.has(bias(layer)) ? w.values(bias(layer), experts) : new float[0],
                groups,
                usedGroups);
    }

    @Override
    public Tensor apply(Kernels k, Tensor x) {
        return apply(k, x, router.apply(k, x));
    }

    /** The same with other outputs of the router, {@code scores [rows, experts]}. */
    Tensor apply(Kernels k, Tensor x, Tensor scores) {
        Tensor y =
                gate != null && !weighsInputs && scales.length == 0
                        ? k.experts(x, scores, spec, gate, up, down, activation)
                        : inSteps(k, x, scores);
        return shared == null ? y : k.add(y, everyToken(k, x, shared));
    }

    private Tensor inSteps(Kernels k, Tensor x, Tensor scores) {
        Kernels.Choices choices = k.choose(scores, spec);
        float[] weights = choices.weights();
        Tensor each = k.rows(x, rows(choices, spec.used())); // [rows * used, embedding]
        if (weighsInputs) {
            each = k.scaleRows(each, weights);
            weights = new float[weights.length];
            Arrays.fill(weights, 1);
        }
        for (int i = 0; scales.length > 0 && i < weights.length; i++) {
            weights[i] *= scales[choices.experts()[i]];
        }
        Tensor hidden = hidden(k, each, choices.experts());
        Tensor outputs = k.expertLinear(hidden, choices.experts(), down);
        return k.weightedSums(outputs, weights, spec.used());
    }

    private Tensor hidden(Kernels k, Tensor each, int[] experts) {
        Tensor y = k.expertLinear(each, experts, up);
        if (fused) {
            int n = y.columns() / 2;
            return k.gated(activation, k.columns(y, 0, n), k.columns(y, n, n));
        }
        return gate == null
                ? k.activate(activation, y)
                : k.gated(activation, k.expertLinear(each, experts, gate), y);
    }

    /** For each choice the row that made it. */
    static int[] rows(Kernels.Choices choices, int used) {
        int[] rows = new int[choices.experts().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / used;
        }
        return rows;
    }

    private Tensor everyToken(Kernels k, Tensor x, FeedForward network) {
        Tensor y = network.apply(k, x);
        if (sharedGate.length == 0) {
            return y;
        }
        float[] all = k.downloadAll(x);
        float[] factors = new float[x.rows()];
        for (int t = 0; t < factors.length; t++) {
            float sum = 0;
            for (int i = 0; i < sharedGate.length; i++) {
                sum += all[t * sharedGate.length + i] * sharedGate[i];
            }
            factors[t] = 1 / (1 + (float) Math.exp(-sum));
        }
        return k.scaleRows(y, factors);
    }
}
