package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** Ling and Ring of Ant Group, and ERNIE 4.5 with experts. */
final class Bailing {
    private static final String LAYER = "model.layers.{i}.";
    private static final String MLP = LAYER + "mlp.";

    static List<Family> families() {
        return List.of(first(), second(), ernie());
    }

    private Bailing() {}

    private static Family ling(Family family) {
        return family.settings(
                Common.decoder(1e-6),
                only("hidden_act", "silu"),
                untold("attention.sliding_window"),
                Experts.counts("num_experts", "num_experts_per_tok"),
                Experts.width("moe_intermediate_size"),
                Experts.dense("first_k_dense_replace"),
                Experts.shared("num_shared_experts"),
                Experts.normalized(false),
                Setting.toGguf((config, keys) -> {
                    config.require("norm_head", false);
                    config.require("norm_softmax", false);
                    config.require("use_sliding_window", false);
                }),
                told("use_qkv_bias", "blk.0.attn_qkv.bias"),
                told("use_bias", "blk.0.attn_output.bias"),
                ignored(
                        "output_dropout",
                        "max_window_layers",
                        "multi_gate",
                        "moe_router_enable_expert_bias",
                        "router_dtype",
                        "mtp_loss_scaling_factor",
                        "use_rmsnorm",
                        "rotary_dim"));
    }

    private static Rules outside() {
        return new Rules()
                .add("model.word_embeddings.weight", "token_embd.weight")
                .add("model.norm.weight", "output_norm.weight")
                .add("lm_head.weight", "output.weight")
                .add(LAYER + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .linear(LAYER + "attention.dense", "blk.{i}.attn_output")
                .add(MLP + "gate_proj.weight", "blk.{i}.ffn_gate.weight")
                .add(MLP + "up_proj.weight", "blk.{i}.ffn_up.weight")
                .add(MLP + "down_proj.weight", "blk.{i}.ffn_down.weight");
    }

    private static Family first() {
        return ling(new Family("bailingmoe", "bailing_moe", "BailingMoeForCausalLM"))
                .settings(Common.turnedColumns(), Settings.constant("expert_weights_scale", 1f))
                .rope(10_000)
                .tensors(Bailing::firstRules);
    }

    private static Rules firstRules(JsonObject config) {
        int heads = config.size("num_attention_heads");
        int keyHeads = Common.kvHeads(config);
        long queries = (long) heads * Common.headLength(config);
        long keys = (long) keyHeads * Common.headLength(config);
        String all = LAYER + "attention.query_key_value";
        Rules rules =
                outside()
                        .linear(all, "blk.{i}.attn_q", part(0, queries, RowOrder.pairs(heads)))
                        .linear(
                                all,
                                "blk.{i}.attn_k",
                                part(queries, keys, RowOrder.pairs(keyHeads)))
                        .linear(all, "blk.{i}.attn_v", part(queries + keys, keys, RowOrder.ALL));
        return Experts.shared(Experts.usual(rules, MLP), MLP + "shared_experts.");
    }

    private static Transform part(long from, long count, RowOrder then) {
        return Transform.of(RowOrder.part(from, count, then));
    }

    private static Family second() {
        return ling(new Family("bailingmoe2", "bailing_moe", "BailingMoeV2ForCausalLM"))
                .settings(
                        Experts.ahead(),
                        RopeKeys.partial(0.5),
                        Experts.scaled(),
                        Experts.groups(),
                        Experts.sigmoid(),
                        sharedWidth(),
                        only("use_qk_norm", true))
                .rope(10_000)
                .tensors(config -> secondRules());
    }

    private static Setting sharedWidth() {
        String name = "moe_shared_expert_intermediate_size";
        return Setting.of(
                (config, keys) -> {
                    int each = config.size("moe_intermediate_size");
                    int usual = each * config.integer("num_shared_experts", 1);
                    keys.own("expert_shared_feed_forward_length", config.integer(name, usual));
                },
                (keys, config) -> {
                    config.put(name, Experts.sharedWidth(keys));
                    if (keys.has("expert_shared_count")) {
                        config.put("num_shared_experts", keys.integer("expert_shared_count"));
                    }
                });
    }

    private static Rules secondRules() {
        Rules rules =
                outside()
                        .linear(LAYER + "attention.query_key_value", "blk.{i}.attn_qkv")
                        .add(
                                LAYER + "attention.query_layernorm.weight",
                                "blk.{i}.attn_q_norm.weight")
                        .add(
                                LAYER + "attention.key_layernorm.weight",
                                "blk.{i}.attn_k_norm.weight");
        Experts.shared(Experts.usual(rules, MLP), MLP + "shared_experts.");
        return Experts.ahead(Experts.bias(rules, MLP + "gate.expert_bias"));
    }

    private static Family ernie() {
        return new Family("ernie4_5-moe", "ernie4_5_moe", "Ernie4_5_MoeForCausalLM")
                .defaults("moe_num_experts", 64, "moe_k", 6, "moe_num_shared_experts", 2)
                .defaults("moe_intermediate_size", 1536, "moe_layer_start_index", 1)
                .tied()
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        untold("attention.sliding_window"),
                        Experts.counts("moe_num_experts|num_experts", "moe_k|num_experts_per_tok"),
                        Experts.width("moe_intermediate_size"),
                        Experts.dense("moe_layer_start_index"),
                        Experts.shared("moe_num_shared_experts"),
                        size("moe_layer_interval", "interleave_moe_layer_step", 1),
                        Setting.toGguf(Bailing::toTheEnd),
                        told("use_bias", "blk.0.attn_q.bias"),
                        ignored(
                                "moe_capacity",
                                "moe_gate",
                                "moe_use_aux_free",
                                "moe_norm_min",
                                "num_nextn_predict_layers"))
                .rope(10_000)
                .tensors(config -> ernieRules());
    }

    private static void toTheEnd(JsonObject config, Keys keys) {
        long last = config.size("num_hidden_layers") - 1;
        config.require("moe_layer_end_index", -1L, last);
        long width =
                (long) config.size("moe_intermediate_size")
                        * config.integer("moe_num_shared_experts");
        keys.own("expert_shared_feed_forward_length", Math.toIntExact(width));
    }

    private static Rules ernieRules() {
        Rules rules =
                Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                        .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                        .add(
                                MLP + "moe_statics.e_score_correction_bias",
                                "blk.{i}.exp_probs_b.bias",
                                Transform.of(TensorView.VECTOR))
                        .leaveOut("model.mtp_");
        return Experts.shared(Experts.usual(rules, MLP), MLP + "shared_experts.");
    }
}
