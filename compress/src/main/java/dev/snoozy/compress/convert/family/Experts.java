package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.size;

import dev.snoozy.format.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** What the descriptions of mixtures of experts share. */
final class Experts {
    private static final String GATING = "expert_gating_func";
    private static final String DENSE = "leading_dense_block_count";
    private static final String GROUPS = "expert_group_count";
    private static final String USED_GROUPS = "expert_group_used_count";
    private static final String AHEAD = "nextn_predict_layers";
    private static final int SOFTMAX = 1;
    private static final int SIGMOID = 2;

    private Experts() {}

    /** How many there are, and how many work at a token. */
    static Setting counts(String count, String used) {
        return all(size(count, "expert_count"), size(used, "expert_used_count"));
    }

    /** Columns within each. */
    static Setting width(String names) {
        return size(names, "expert_feed_forward_length");
    }

    /** Every layer has some: no layer is left to a plain network. */
    static Setting everyLayer() {
        return Setting.toGguf((config, keys) -> {
            config.require("decoder_sparse_step", 1L);
            if (!config.list("mlp_only_layers").isEmpty()) {
                throw config.wrong("mlp_only_layers", config.get("mlp_only_layers"), "none");
            }
        });
    }

    /** How many of the first layers have none. */
    static Setting dense(String name) {
        return Setting.of(
                (config, keys) -> keys.own(DENSE, config.integer(name, 0)),
                (keys, config) -> config.put(name, keys.integer(DENSE, 0)));
    }

    /**
     * Whether the weights of the chosen ones sum to one.
     *
     * @param usual what the engine does where GGUF does not say
     */
    static Setting normalized(boolean usual) {
        return normalized(usual, usual);
    }

    /**
     * The same where checkpoint and engine have usual values of their own.
     *
     * @param usual what the checkpoint's class does where config.json does not say
     * @param unsaid what the engine does where GGUF does not say
     */
    static Setting normalized(boolean usual, boolean unsaid) {
        String name = "norm_topk_prob";
        String key = "expert_weights_norm";
        return Setting.of(
                (config, keys) -> {
                    boolean found = config.flag(name, usual);
                    if (found != unsaid) {
                        keys.own(key, found);
                    }
                },
                (keys, config) -> config.put(name, keys.flag(key, unsaid)));
    }

    /** A factor of what they give together. */
    static Setting scaled() {
        String name = "routed_scaling_factor";
        String key = "expert_weights_scale";
        return Setting.of(
                (config, keys) -> keys.own(key, (float) config.number(name, 1)),
                (keys, config) -> {
                    double scale = keys.number(key, 1);
                    config.put(name, scale == 0 ? 1 : scale);
                });
    }

    /** Groups, of which some are chosen before the experts in them. */
    static Setting groups() {
        return Setting.of(
                (config, keys) -> {
                    int groups = config.integer("n_group", 1);
                    int used = config.integer("topk_group", groups);
                    if (groups > 1) {
                        keys.own(GROUPS, groups);
                        keys.own(USED_GROUPS, used);
                    }
                },
                (keys, config) -> {
                    int groups = Math.max(1, keys.integer(GROUPS, 1));
                    config.put("n_group", groups);
                    config.put("topk_group", keys.integer(USED_GROUPS, groups));
                });
    }

    /** The router's scores are sigmoids, of which a bias may be added for the choice. */
    static Setting sigmoid() {
        return Setting.of(
                (config, keys) -> {
                    config.require(config.named("scoring_func|score_function"), "sigmoid");
                    keys.own(GATING, SIGMOID);
                },
                (keys, config) -> {
                    if (!isSigmoid(keys)) {
                        throw keys.wrong(
                                GATING, "the router of this class takes sigmoids, which is 2");
                    }
                });
    }

    /** The router's scores are parts of one. */
    static Setting softmax() {
        return Setting.of(
                (config, keys) -> {
                    config.require("scoring_func", "softmax");
                    keys.own(GATING, SOFTMAX);
                },
                (keys, config) -> {
                    if (isSigmoid(keys)) {
                        throw keys.wrong(
                                GATING, "the router of this class takes a soft-max, which is 1");
                    }
                });
    }

    /** Whether a file's router takes sigmoids, as the engine finds out. */
    static boolean isSigmoid(GgufKeys keys) {
        int gating = keys.integer(GATING, 0);
        return gating == SIGMOID || gating == 0 && find(keys, ".exp_probs_b.bias") != null;
    }

    /** Experts that every token goes through, whose matrices are side by side. */
    static Setting shared(String name) {
        String key = "expert_shared_count";
        return Setting.of(
                (config, keys) -> {
                    if (config.has(name)) {
                        keys.own(key, config.integer(name));
                    }
                },
                (keys, config) -> {
                    int each = keys.integer("expert_feed_forward_length");
                    config.put(name, sharedWidth(keys) / each);
                });
    }

    /** Columns within the network that every token goes through; 0 without one. */
    static int sharedWidth(GgufKeys keys) {
        TensorInfo up = find(keys, ".ffn_up_shexp.weight");
        return up == null ? 0 : Math.toIntExact(up.shape().get(1));
    }

    private static @Nullable TensorInfo find(GgufKeys keys, String end) {
        for (TensorInfo tensor : keys.file().tensors()) {
            if (tensor.name().endsWith(end)) {
                return tensor;
            }
        }
        return null;
    }

    /** Layers that guess ahead, behind the last one, which GGUF counts among them. */
    static Setting ahead() {
        String name = "num_nextn_predict_layers";
        return Setting.of(
                (config, keys) -> {
                    int ahead = config.integer(name, 0);
                    if (ahead > 0) {
                        keys.own("block_count", config.size("num_hidden_layers") + ahead);
                        keys.own(AHEAD, ahead);
                    }
                },
                (keys, config) -> {
                    int ahead = keys.integer(AHEAD, 0);
                    config.put("num_hidden_layers", keys.integer("block_count") - ahead);
                    config.put(name, ahead);
                });
    }

    /** A number that a config.json may have once for each layer. */
    static Setting uniform(String name, String key) {
        return Setting.of(
                (config, keys) -> {
                    Object found = config.get(name);
                    if (found instanceof List<?> each && !each.isEmpty()) {
                        for (Object value : each) {
                            if (!value.equals(each.getFirst())) {
                                throw config.wrong(name, found, "one number for all layers");
                            }
                        }
                        found = each.getFirst();
                    }
                    keys.own(key, new JsonObject(config.what(), Map.of(name, found)).size(name));
                },
                (keys, config) -> config.put(name, keys.integer(key)));
    }

    /** A tensor for each expert: gate, up and down, by their names in the checkpoint. */
    static Rules each(Rules rules, String prefix, String gate, String up, String down) {
        return rules.add(prefix + "{e}." + gate + ".weight", "blk.{i}.ffn_gate_exps.weight")
                .add(prefix + "{e}." + up + ".weight", "blk.{i}.ffn_up_exps.weight")
                .add(prefix + "{e}." + down + ".weight", "blk.{i}.ffn_down_exps.weight");
    }

    /** The router and a tensor for each expert in the words of most. */
    static Rules usual(Rules rules, String prefix) {
        rules.add(prefix + "gate.weight", "blk.{i}.ffn_gate_inp.weight");
        return each(rules, prefix + "experts.", "gate_proj", "up_proj", "down_proj");
    }

    /** One tensor for all experts, gate and up in one. */
    static Rules joined(Rules rules, String prefix) {
        return rules.add(
                        prefix + "gate_up_proj",
                        "blk.{i}.ffn_gate_exps.weight",
                        Transform.of(RowOrder.chunk(0, 2)))
                .add(
                        prefix + "gate_up_proj",
                        "blk.{i}.ffn_up_exps.weight",
                        Transform.of(RowOrder.chunk(1, 2)))
                .add(prefix + "down_proj", "blk.{i}.ffn_down_exps.weight");
    }

    /** The same where the checkpoint has its matrices the other way round. */
    static Rules joinedTurned(Rules rules, String prefix) {
        return rules.add(
                        prefix + "gate_up_proj",
                        "blk.{i}.ffn_gate_exps.weight",
                        Transform.of(RowOrder.chunk(0, 2)).turned())
                .add(
                        prefix + "gate_up_proj",
                        "blk.{i}.ffn_up_exps.weight",
                        Transform.of(RowOrder.chunk(1, 2)).turned())
                .add(prefix + "down_proj", "blk.{i}.ffn_down_exps.weight", Transform.TRANSPOSED);
    }

    /** The network that every token goes through. */
    static Rules shared(Rules rules, String prefix) {
        return rules.add(prefix + "gate_proj.weight", "blk.{i}.ffn_gate_shexp.weight")
                .add(prefix + "up_proj.weight", "blk.{i}.ffn_up_shexp.weight")
                .add(prefix + "down_proj.weight", "blk.{i}.ffn_down_shexp.weight");
    }

    /** What is added to the router's scores for the choice. */
    static Rules bias(Rules rules, String name) {
        return rules.add(name, "blk.{i}.exp_probs_b.bias");
    }

    /** The tensors of layers that guess ahead. */
    static Rules ahead(Rules rules) {
        String layer = "model.layers.{i}.";
        String next = "blk.{i}.nextn.";
        return rules.add(layer + "eh_proj.weight", next + "eh_proj.weight")
                .add(layer + "embed_tokens.weight", next + "embed_tokens.weight")
                .add(layer + "enorm.weight", next + "enorm.weight")
                .add(layer + "hnorm.weight", next + "hnorm.weight")
                .add(layer + "shared_head.head.weight", next + "shared_head_head.weight")
                .add(layer + "shared_head.norm.weight", next + "shared_head_norm.weight");
    }
}
