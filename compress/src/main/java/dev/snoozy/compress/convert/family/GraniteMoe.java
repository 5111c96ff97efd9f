package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;
import java.util.Map;

/** Granite with experts, and Granite 4 H, which has Mamba 2 in most layers. */
final class GraniteMoe {
    private static final String LAYER = "model.layers.{i}.";
    private static final String MOE = LAYER + "block_sparse_moe.";
    private static final String SHARED = LAYER + "shared_mlp.";

    static List<Family> families() {
        return List.of(
                granite("granitemoe", "granitemoe", "GraniteMoeForCausalLM")
                        .settings(Common.decoder(1e-6), counts(), Common.turnedColumns())
                        .where(keys -> Experts.sharedWidth(keys) == 0)
                        .rope(10_000)
                        .tensors(GraniteMoe::rules),
                granite("granitemoe", "granitemoeshared", "GraniteMoeSharedForCausalLM")
                        .settings(
                                Common.decoder(1e-6),
                                counts(),
                                Common.turnedColumns(),
                                optionalSize(
                                        "shared_intermediate_size",
                                        "expert_shared_feed_forward_length"))
                        .rope(10_000)
                        .tensors(GraniteMoe::rules),
                hybrid());
    }

    private GraniteMoe() {}

    private static Setting counts() {
        return Experts.counts("num_local_experts", "num_experts_per_tok");
    }

    private static Family granite(String architecture, String modelType, String name) {
        return new Family(architecture, modelType, name)
                .defaults("num_local_experts", 8, "num_experts_per_tok", 2)
                .settings(
                        only("hidden_act", "silu"),
                        untold("attention.sliding_window"),
                        multipliers(),
                        told("attention_bias", "blk.0.attn_q.bias"));
    }

    /** Fixed factors of the parts of the network. */
    private static Setting multipliers() {
        return all(
                factor("embedding_multiplier", "embedding_scale"),
                factor("residual_multiplier", "residual_scale"),
                attention(),
                factor("logits_scaling", "logit_scale"));
    }

    private static Setting factor(String name, String key) {
        return Setting.of(
                number(name, key, 1)::read,
                (keys, config) -> config.put(name, keys.number(key, 1)));
    }

    /** The factor of scores, which is 1 in the class and the head's root in GGUF. */
    private static Setting attention() {
        String name = "attention_multiplier";
        String key = "attention.scale";
        return Setting.of(
                number(name, key, 1)::read,
                (keys, config) -> {
                    double usual = 1 / Math.sqrt(keys.headLength());
                    double found = keys.number(key, 0);
                    config.put(name, found == 0 ? usual : found);
                });
    }

    private static Rules attentionRules(JsonObject config) {
        return Common.attention(
                        Transform.SAME, Common.pairedQueries(config), Common.pairedKeys(config))
                .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight");
    }

    private static Rules rules(JsonObject config) {
        Rules rules =
                attentionRules(config)
                        .add(MOE + "router.layer.weight", "blk.{i}.ffn_gate_inp.weight");
        halves(rules, MOE, "_exps");
        return halves(rules, SHARED, "_shexp");
    }

    private static Rules halves(Rules rules, String prefix, String end) {
        Transform gate = Transform.of(RowOrder.chunk(0, 2));
        Transform up = Transform.of(RowOrder.chunk(1, 2));
        String both = prefix + "input_linear.weight";
        return rules.add(both, "blk.{i}.ffn_gate" + end + ".weight", gate)
                .add(both, "blk.{i}.ffn_up" + end + ".weight", up)
                .add(prefix + "output_linear.weight", "blk.{i}.ffn_down" + end + ".weight");
    }

    private static Family hybrid() {
        return granite("granitehybrid", "granitemoehybrid", "GraniteMoeHybridForCausalLM")
                .defaults("shared_intermediate_size", 1024)
                .defaults("mamba_n_heads", 128, "mamba_n_groups", 1, "mamba_d_state", 256)
                .defaults("mamba_d_conv", 4, "mamba_expand", 2)
                .settings(
                        Settings.size("hidden_size", "embedding_length"),
                        Settings.size("num_hidden_layers", "block_count"),
                        Settings.size("num_attention_heads", "attention.head_count"),
                        Settings.size("max_position_embeddings", "context_length"),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        Settings.vocabulary(),
                        new LayerKinds("layer_types", "mamba|linear_attention", "attention"),
                        Common.turnedColumns(),
                        StateSpace.second("mamba_"),
                        StateSpace.expanded("mamba_expand"),
                        new Networks(),
                        positions())
                .rope(10_000)
                .tensors(GraniteMoe::hybridRules);
    }

    /** A network for every token, and experts besides in some models. */
    private static final class Networks implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            int shared = config.size("shared_intermediate_size");
            if (config.integer("num_local_experts") == 0) {
                config.get("intermediate_size");
                config.get("num_experts_per_tok");
                keys.own("feed_forward_length", shared);
                return;
            }
            counts().read(config, keys);
            keys.own("feed_forward_length", config.size("intermediate_size"));
            keys.own("expert_shared_feed_forward_length", shared);
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            int width = keys.integer("feed_forward_length");
            config.put("intermediate_size", width);
            if (keys.integer("expert_count", 0) == 0) {
                config.put("num_local_experts", 0);
                config.put("num_experts_per_tok", 0);
                config.put("shared_intermediate_size", width);
                return;
            }
            counts().write(keys, config);
            config.put("shared_intermediate_size", Experts.sharedWidth(keys));
        }
    }

    /** Whether queries and keys are turned by their positions. */
    private static Setting positions() {
        String name = "position_embedding_type";
        String key = "rope.scaling.finetuned";
        return Setting.of(
                (config, keys) -> {
                    config.require(name, "rope", "nope");
                    keys.own(key, "rope".equals(config.get(name)));
                },
                (keys, config) -> config.put(name, keys.flag(key, true) ? "rope" : "nope"));
    }

    private static Rules hybridRules(JsonObject config) {
        boolean dense = config.integer("num_local_experts") == 0;
        Rules rules = attentionRules(config);
        StateSpace.rules(rules, LAYER + "mamba.", config.size("mamba_n_groups"));
        if (dense) {
            return halves(rules, SHARED, "");
        }
        rules.add(MOE + "router.layer.weight", "blk.{i}.ffn_gate_inp.weight");
        return halves(halves(rules, MOE, "_exps"), SHARED, "_shexp");
    }
}
