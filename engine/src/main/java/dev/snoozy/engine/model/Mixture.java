package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts (Shazeer et al. 2017): a router chooses a few networks for each token. Some
 * have a network besides that every token goes through (Dai et al. 2024, DeepSeekMoE), itself with
 * a gate in some (Qwen 2).
 *
 * @param router {@code [experts, embedding]}
 * @param gate {@code [experts, n, embedding]}; null where the networks are plain
 * @param up {@code [experts, n, embedding]}
 * @param down {@code [experts, embedding, n]}
 * @param shared the network for every token, or null
 * @param sharedGate {@code [embedding]}, whose sigmoid its output is multiplied with; or empty
 */
record Mixture(
        RouterSpec spec,
        Linear router,
        Activation activation,
        @Nullable Tensor gate,
        Tensor up,
        Tensor down,
        @Nullable FeedForward shared,
        float[] sharedGate)
        implements FeedForward {
    private static final int MOST_EXPERTS = 4096;
    private static final int SOFTMAX = 1;
    private static final int SIGMOID = 2;

    /**
     * The mixture of a layer.
     *
     * @param normalizes whether the weights of the chosen experts sum to one, where the file does
     *     not say so
     */
    static Mixture of(
            Weights w, ModelConfig config, int layer, Activation activation, boolean normalizes) {
        String name = "blk." + layer + ".ffn_";
        int experts = config.size("expert_count", MOST_EXPERTS);
        int n = config.integer("expert_feed_forward_length", config.feedForward());
        int embedding = config.embedding();
        boolean gated = activation != Activation.RELU_SQUARED;
        return new Mixture(
                spec(w, config, layer, experts, normalizes),
                new Linear(w.matrix(name + "gate_inp.weight", experts, embedding), null),
                activation,
                gated ? w.experts(name + "gate_exps.weight", experts, n, embedding) : null,
                w.experts(name + "up_exps.weight", experts, n, embedding),
                w.experts(name + "down_exps.weight", experts, embedding, n),
                w.has(name + "up_shexp.weight") ? shared(w, config, name, n, activation) : null,
                w.has(name + "gate_inp_shexp.weight")
                        ? w.values(name + "gate_inp_shexp.weight", embedding)
                        : new float[0]);
    }

    private static FeedForward shared(
            Weights w, ModelConfig config, String name, int n, Activation activation) {
        int embedding = config.embedding();
        int count = Math.max(1, config.integer("expert_shared_count", 1));
        int width =
                config.integer("expert_shared_feed_forward_length", Math.multiplyExact(n, count));
        Linear up = w.linear(name + "up_shexp", width, embedding);
        Linear down = w.linear(name + "down_shexp", embedding, width);
        return activation == Activation.RELU_SQUARED
                ? new Plain(activation, up, down)
                : new Gated(activation, w.linear(name + "gate_shexp", width, embedding), up, down);
    }

    private static RouterSpec spec(
            Weights w, ModelConfig config, int layer, int experts, boolean normalizes) {
        String bias = "blk." + layer + ".exp_probs_b.bias";
        boolean biased = w.has(bias);
        int gating = config.integer("expert_gating_func", 0);
        if (gating < 0 || gating > SIGMOID) {
            throw new ModelException(
                    config.key("expert_gating_func")
                            + ": expected 1 (soft-max) or 2 (sigmoid), found "
                            + gating);
        }
        boolean sigmoid = gating == 0 ? biased : gating != SOFTMAX;
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
                sigmoid ? Scoring.SIGMOID : Scoring.SOFTMAX,
                config.flag("expert_weights_norm", normalizes),
                scale == 0 ? 1 : scale,
                biased ? w.values(bias, experts) : new float[0],
                groups,
                usedGroups);
    }

    @Override
    public Tensor apply(Kernels k, Tensor x) {
        Tensor scores = router.apply(k, x); // [rows, experts]
        Tensor y =
                gate == null
                        ? plain(k, x, scores)
                        : k.experts(x, scores, spec, gate, up, down, activation);
        return shared == null ? y : k.add(y, everyToken(k, x, shared));
    }

    private Tensor plain(Kernels k, Tensor x, Tensor scores) {
        Kernels.Choices choices = k.choose(scores, spec);
        Tensor each = k.rows(x, rows(choices, spec.used())); // [rows * used, embedding]
        Tensor hidden = k.activate(activation, k.expertLinear(each, choices.experts(), up));
        Tensor outputs = k.expertLinear(hidden, choices.experts(), down);
        return k.weightedSums(outputs, choices.weights(), spec.used());
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
