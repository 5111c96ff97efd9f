package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;
import java.util.Map;

/**
 * DeepSeek MoE, V2 and V3. From V2 on keys and values come of a latent; GGUF has the matrix from it
 * as one for each head, that of the keys turned, so that queries can be brought to the latent.
 */
final class Deepseek {
    private static final String LAYER = "model.layers.{i}.";
    private static final String MLP = LAYER + "mlp.";
    private static final double LOG = 0.1; // YaRN's factor of the logarithm

    static List<Family> families() {
        return List.of(first(), second(), third());
    }

    private Deepseek() {}

    private static Family mixed(Family family) {
        return family.settings(
                only("hidden_act", "silu"),
                Experts.counts("n_routed_experts", "num_experts_per_tok"),
                Experts.width("moe_intermediate_size"),
                Experts.dense("first_k_dense_replace"),
                Experts.shared("n_shared_experts"),
                Experts.normalized(false),
                Setting.toGguf((config, keys) -> config.require("moe_layer_freq", 1L)),
                ignored("ep_size", "aux_loss_alpha", "seq_aux", "num_nextn_predict_layers"));
    }

    private static Family first() {
        Family family =
                new Family("deepseek", "deepseek", "DeepseekForCausalLM")
                        .settings(
                                Common.decoder(1e-6),
                                Common.turnedColumns(),
                                untold("attention.sliding_window"),
                                Settings.constant("expert_weights_scale", 1f),
                                Setting.toGguf((config, keys) ->
                                        config.require("scoring_func", "softmax")));
        return mixed(family)
                .rope(10_000)
                .tensors(config ->
                        routed(
                                Common.decoder(
                                        Transform.SAME,
                                        Common.pairedQueries(config),
                                        Common.pairedKeys(config))));
    }

    private static Rules routed(Rules rules) {
        rules.add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight");
        return Experts.shared(Experts.usual(rules, MLP), MLP + "shared_experts.");
    }

    private static Family latent(String modelType, String checkpointClass) {
        return mixed(
                        new Family("deepseek2", modelType, checkpointClass)
                                .settings(
                                        Settings.size("hidden_size", "embedding_length"),
                                        Settings.size("intermediate_size", "feed_forward_length"),
                                        Settings.size("num_hidden_layers", "block_count"),
                                        Settings.size(
                                                "num_attention_heads", "attention.head_count"),
                                        Settings.size("max_position_embeddings", "context_length"),
                                        Settings.number(
                                                "rms_norm_eps",
                                                "attention.layer_norm_rms_epsilon",
                                                1e-6),
                                        Settings.vocabulary(),
                                        new Latent(),
                                        new Yarn()))
                .settings(Experts.scaled(), ignored("head_dim", "qk_head_dim"))
                .defaults("first_k_dense_replace", 0, "kv_lora_rank", 512, "q_lora_rank", 1536)
                .defaults("qk_nope_head_dim", 128, "qk_rope_head_dim", 64, "v_head_dim", 128)
                .tensors(Deepseek::latentRules);
    }

    private static Family second() {
        return latent("deepseek_v2", "DeepseekV2ForCausalLM")
                .settings(Experts.softmax(), greedy())
                .where(keys -> !Experts.isSigmoid(keys));
    }

    /** Groups are chosen by their largest score here, which the engine does not know. */
    private static Setting greedy() {
        return Setting.of(
                (config, keys) -> {
                    config.require("topk_method", "greedy", "group_limited_greedy");
                    int groups = config.integer("n_group", 1);
                    boolean limited = "group_limited_greedy".equals(config.get("topk_method"));
                    if (limited && groups > 1) {
                        throw config.wrong(
                                "topk_method",
                                "group_limited_greedy of " + groups + " groups",
                                "greedy; the engine chooses groups as V3 does");
                    }
                    config.get("topk_group");
                },
                (keys, config) -> {
                    if (keys.integer("expert_group_count", 1) > 1) {
                        throw keys.wrong("expert_group_count", "V2 chooses groups by another rule");
                    }
                    config.put("topk_method", "greedy");
                });
    }

    private static Family third() {
        return latent("deepseek_v3", "DeepseekV3ForCausalLM")
                .defaults("n_routed_experts", 256, "num_experts_per_tok", 8, "n_group", 8)
                .defaults("topk_group", 4, "n_shared_experts", 1, "norm_topk_prob", true)
                .defaults("routed_scaling_factor", 2.5, "first_k_dense_replace", 3)
                .defaults("moe_intermediate_size", 2048)
                .settings(
                        Experts.sigmoid(),
                        Experts.groups(),
                        Setting.toGguf((config, keys) -> {
                            config.require("topk_method", "noaux_tc");
                            config.require("rope_interleave", true);
                        }))
                .where(Experts::isSigmoid);
    }

    /** The lengths of the latent and of the parts of heads. */
    private static final class Latent implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            int rank = config.size("kv_lora_rank");
            int turned = config.size("qk_rope_head_dim");
            config.get("num_key_value_heads"); // as many as queries have
            keys.own("attention.head_count_kv", 1);
            keys.own("attention.kv_lora_rank", rank);
            if (config.has("q_lora_rank")) {
                keys.own("attention.q_lora_rank", config.size("q_lora_rank"));
            }
            keys.own("attention.key_length", rank + turned);
            keys.own("attention.value_length", rank);
            keys.own("attention.key_length_mla", config.size("qk_nope_head_dim") + turned);
            keys.own("attention.value_length_mla", config.size("v_head_dim"));
            keys.own("rope.dimension_count", turned);
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            int key =
                    keys.integer("attention.key_length_mla", keys.integer("attention.key_length"));
            int value =
                    keys.integer(
                            "attention.value_length_mla", keys.integer("attention.value_length"));
            int turned = keys.integer("rope.dimension_count");
            int low = keys.integer("attention.q_lora_rank", 0);
            config.put("num_key_value_heads", keys.integer("attention.head_count"));
            config.put("kv_lora_rank", keys.integer("attention.kv_lora_rank"));
            config.put("q_lora_rank", low > 0 ? low : null);
            config.put("qk_nope_head_dim", key - turned);
            config.put("qk_rope_head_dim", turned);
            config.put("v_head_dim", value);
        }
    }

    /** YaRN, whose factor of all scores has a weight of its own. */
    private static final class Yarn implements Setting {
        private static final String WEIGHT = "rope.scaling.yarn_log_multiplier";

        @Override
        public void read(JsonObject config, Keys keys) {
            keys.own("rope.freq_base", (float) RopeKeys.base(config, 10_000));
            JsonObject scaling = RopeKeys.scaling(config);
            String type = scaling.string("rope_type", scaling.string("type", "default"));
            if (type.equals("default")) {
                return;
            }
            double all = scaling.number("mscale_all_dim", 0);
            if (!type.equals("yarn") || all == 0 || scaling.number("mscale", 1) != all) {
                throw scaling.wrong(
                        "type", type, "yarn, with mscale and mscale_all_dim that are equal");
            }
            keys.own("rope.scaling.type", "yarn");
            keys.own("rope.scaling.factor", (float) scaling.number("factor"));
            keys.own(
                    "rope.scaling.original_context_length",
                    scaling.integer("original_max_position_embeddings"));
            keys.own("rope.scaling.yarn_beta_fast", (float) scaling.number("beta_fast", 32));
            keys.own("rope.scaling.yarn_beta_slow", (float) scaling.number("beta_slow", 1));
            keys.own(WEIGHT, (float) (LOG * all));
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            config.put("rope_theta", keys.number("rope.freq_base", 10_000));
            String type = keys.string("rope.scaling.type", "none");
            if (type.equals("none")) {
                return;
            }
            double weight = keys.number(WEIGHT, 0);
            if (!type.equals("yarn") || weight == 0) {
                throw keys.wrong(
                        "rope.scaling.type", "expected yarn, with " + WEIGHT + " beside it");
            }
            double all = Math.round(weight / LOG * 1e6) / 1e6;
            Map<String, Object> scaling = Common.members();
            scaling.put("type", "yarn");
            scaling.put("factor", keys.number("rope.scaling.factor"));
            scaling.put(
                    "original_max_position_embeddings",
                    keys.integer("rope.scaling.original_context_length"));
            scaling.put("beta_fast", keys.number("rope.scaling.yarn_beta_fast", 32));
            scaling.put("beta_slow", keys.number("rope.scaling.yarn_beta_slow", 1));
            scaling.put("mscale", all);
            scaling.put("mscale_all_dim", all);
            config.put("rope_scaling", scaling);
        }
    }

    private static Rules latentRules(JsonObject config) {
        String attention = LAYER + "self_attn.";
        int heads = config.size("num_attention_heads");
        int plain = config.size("qk_nope_head_dim");
        int value = config.size("v_head_dim");
        RowOrder keys = RowOrder.part(0, plain, RowOrder.ALL);
        RowOrder values = RowOrder.part(plain, value, RowOrder.ALL);
        TensorView each = TensorView.heads(heads);
        String latent = attention + "kv_b_proj.weight";
        Rules rules =
                Common.ends(Transform.SAME)
                        .add(LAYER + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                        .linear(attention + "q_proj", "blk.{i}.attn_q")
                        .linear(attention + "q_a_proj", "blk.{i}.attn_q_a")
                        .add(attention + "q_a_layernorm.weight", "blk.{i}.attn_q_a_norm.weight")
                        .add(attention + "q_b_proj.weight", "blk.{i}.attn_q_b.weight")
                        .linear(attention + "kv_a_proj_with_mqa", "blk.{i}.attn_kv_a_mqa")
                        .add(attention + "kv_a_layernorm.weight", "blk.{i}.attn_kv_a_norm.weight")
                        .add(
                                latent,
                                "blk.{i}.attn_k_b.weight",
                                Transform.SAME.turned().columns(keys).with(each))
                        .add(latent, "blk.{i}.attn_v_b.weight", Transform.of(values).with(each))
                        .older(latent, "blk.{i}.attn_kv_b.weight")
                        .linear(attention + "o_proj", "blk.{i}.attn_output")
                        .linear(MLP + "gate_proj", "blk.{i}.ffn_gate")
                        .linear(MLP + "up_proj", "blk.{i}.ffn_up")
                        .linear(MLP + "down_proj", "blk.{i}.ffn_down");
        int layers = config.size("num_hidden_layers");
        return Experts.bias(routed(rules), MLP + "gate.e_score_correction_bias")
                .leaveOut("model.layers." + layers + "."); // what guesses ahead
    }
}
