package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.none;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;
import java.util.Map;

/** Decoders like Qwen's with experts in most layers, which turn halves of heads. */
final class Mixtures {
    private static final String LAYER = "model.layers.{i}.";
    private static final String MLP = LAYER + "mlp.";

    static List<Family> families() {
        return List.of(
                qwen2(), qwen3(), qwen3vl(), olmoe(), dots(), glm4(), exaone(), hunyuan(),
                minimax(), phi());
    }

    private Mixtures() {}

    private static Rules decoder() {
        return Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(LAYER + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(LAYER + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }

    private static Family qwen2() {
        return new Family("qwen2moe", "qwen2_moe", "Qwen2MoeForCausalLM")
                .defaults("num_experts", 60, "num_experts_per_tok", 4)
                .defaults("moe_intermediate_size", 1408)
                .defaults("shared_expert_intermediate_size", 5632)
                .settings(
                        Qwen.noWindow(),
                        Common.decoder(1e-6),
                        only("hidden_act", "silu"),
                        Experts.everyLayer(),
                        Experts.counts("num_experts", "num_experts_per_tok"),
                        Experts.width("moe_intermediate_size"),
                        size(
                                "shared_expert_intermediate_size",
                                "expert_shared_feed_forward_length"),
                        Experts.normalized(false),
                        told("qkv_bias", "blk.0.attn_q.bias"))
                .rope(10_000)
                .tensors(config -> gatedShared(Experts.usual(decoder(), MLP), MLP));
    }

    /** A network that every token goes through, behind a gate. */
    static Rules gatedShared(Rules rules, String mlp) {
        return Experts.shared(rules, mlp + "shared_expert.")
                .add(
                        mlp + "shared_expert_gate.weight",
                        "blk.{i}.ffn_gate_inp_shexp.weight",
                        Transform.of(TensorView.VECTOR));
    }

    private static Family qwen3() {
        return new Family("qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM")
                .defaults("num_experts", 128, "num_experts_per_tok", 8)
                .defaults("moe_intermediate_size", 768, "norm_topk_prob", false)
                .settings(
                        Qwen.noWindow(),
                        Common.decoder(1e-6),
                        only("hidden_act", "silu"),
                        Experts.everyLayer(),
                        Experts.counts("num_experts|num_local_experts", "num_experts_per_tok"),
                        Experts.width("moe_intermediate_size"),
                        Experts.normalized(true),
                        told("attention_bias", "blk.0.attn_q.bias"))
                .rope(10_000)
                .tensors(config -> Experts.usual(decoder(), MLP));
    }

    private static Family qwen3vl() {
        Setting text =
                Settings.all(
                        Common.decoder(1e-6),
                        only("hidden_act", "silu"),
                        Experts.everyLayer(),
                        Experts.counts("num_experts|num_local_experts", "num_experts_per_tok"),
                        Experts.width("moe_intermediate_size"),
                        untold("attention.sliding_window"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        RopeKeys.rope(10_000),
                        sections());
        return new Family("qwen3vlmoe", "qwen3_vl_moe", "Qwen3VLMoeForConditionalGeneration")
                .defaults("num_experts", 60, "num_experts_per_tok", 4)
                .defaults("moe_intermediate_size", 1408)
                .settings(
                        within("qwen3_vl_moe_text", text),
                        Setting.toGguf((config, keys) -> config.require("norm_topk_prob", true)),
                        ignored(
                                "vision_config",
                                "image_token_id",
                                "video_token_id",
                                "vision_start_token_id",
                                "vision_end_token_id"))
                .tensors(config -> qwen3vlRules());
    }

    private static Rules qwen3vlRules() {
        String layer = "model.language_model.layers.{i}.";
        Rules rules =
                new Rules()
                        .add("model.language_model.embed_tokens.weight", "token_embd.weight")
                        .add("model.language_model.norm.weight", "output_norm.weight")
                        .add("lm_head.weight", "output.weight")
                        .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                        .add(layer + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                        .linear(layer + "self_attn.q_proj", "blk.{i}.attn_q")
                        .linear(layer + "self_attn.k_proj", "blk.{i}.attn_k")
                        .linear(layer + "self_attn.v_proj", "blk.{i}.attn_v")
                        .linear(layer + "self_attn.o_proj", "blk.{i}.attn_output")
                        .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                        .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight")
                        .add(layer + "mlp.gate.weight", "blk.{i}.ffn_gate_inp.weight")
                        .leaveOut("model.visual.");
        return Experts.joinedTurned(rules, layer + "mlp.experts.");
    }

    /** What is read from the whole, and written into the description of the text's part. */
    private static Setting within(String modelType, Setting text) {
        return Setting.of(
                text::read,
                (keys, config) -> {
                    Map<String, Object> members = Common.members();
                    members.put("model_type", modelType);
                    text.write(keys, members);
                    Object tied = members.get("tie_word_embeddings");
                    if (tied != null) {
                        config.put("tie_word_embeddings", tied);
                    }
                    config.put("text_config", members);
                });
    }

    /** How many pairs turn by each axis of an image; in a text all axes are one. */
    static Setting sections() {
        String key = "rope.dimension_sections";
        return Setting.of(
                (config, keys) -> {
                    List<?> each = RopeKeys.scaling(config).list("mrope_section");
                    int[] sections = new int[4];
                    for (int i = 0; i < Math.min(each.size(), sections.length); i++) {
                        sections[i] = each.get(i) instanceof Long n ? n.intValue() : 0;
                    }
                    if (!each.isEmpty()) {
                        keys.own(key, sections);
                    }
                },
                (keys, config) -> {
                    if (keys.get(key) instanceof int[] sections && sections.length >= 3) {
                        Map<String, Object> scaling = Common.members();
                        scaling.put("rope_type", "default");
                        scaling.put(
                                "mrope_section",
                                List.of(
                                        (long) sections[0],
                                        (long) sections[1],
                                        (long) sections[2]));
                        scaling.put("mrope_interleaved", true);
                        config.put("rope_scaling", scaling);
                    }
                });
    }

    private static Family olmoe() {
        return new Family("olmoe", "olmoe", "OlmoeForCausalLM")
                .defaults("num_experts", 64, "num_experts_per_tok", 8)
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        none("clip_qkv"),
                        untold("attention.sliding_window"),
                        Experts.counts("num_experts", "num_experts_per_tok"),
                        Experts.normalized(false),
                        told("attention_bias", "blk.0.attn_q.bias"))
                .rope(10_000)
                .tensors(config -> Experts.usual(decoder(), MLP));
    }

    /** What those share whose routers are as DeepSeek V3's. */
    private static Family routed(Family family, String count, String shared) {
        return family.settings(
                only("hidden_act", "silu"),
                Experts.counts(count, "num_experts_per_tok"),
                Experts.width("moe_intermediate_size"),
                Experts.dense("first_k_dense_replace"),
                Experts.shared(shared),
                Experts.scaled(),
                Experts.normalized(false),
                Experts.groups(),
                Experts.sigmoid(),
                ignored("topk_method", "moe_layer_freq", "ep_size", "aux_loss_alpha", "seq_aux"));
    }

    private static Rules routed(Rules rules) {
        Experts.shared(Experts.usual(rules, MLP), MLP + "shared_experts.");
        return Experts.bias(rules, MLP + "gate.e_score_correction_bias");
    }

    private static Family dots() {
        Family family =
                new Family("dots1", "dots1", "Dots1ForCausalLM")
                        .settings(
                                Common.decoder(1e-6),
                                untold("attention.sliding_window"),
                                Setting.toGguf((config, keys) -> {
                                    if (config.list("layer_types").contains("sliding_attention")) {
                                        throw config.wrong(
                                                "layer_types",
                                                "sliding_attention",
                                                "full_attention in every layer");
                                    }
                                }),
                                ignored("sliding_window", "max_window_layers"));
        return routed(family, "n_routed_experts", "n_shared_experts")
                .rope(10_000)
                .tensors(config -> routed(decoder()));
    }

    private static Family glm4() {
        Family family =
                new Family("glm4moe", "glm4_moe", "Glm4MoeForCausalLM")
                        .defaults("n_routed_experts", 128, "num_experts_per_tok", 8)
                        .defaults("moe_intermediate_size", 1408, "n_shared_experts", 1)
                        .defaults("first_k_dense_replace", 1, "norm_topk_prob", true)
                        .settings(
                                Common.decoder(1e-5),
                                Experts.ahead(),
                                RopeKeys.partial(0.5),
                                untold("attention.sliding_window"),
                                told("use_qk_norm", "blk.0.attn_q_norm.weight"),
                                told("attention_bias", "blk.0.attn_q.bias"));
        return routed(family, "n_routed_experts", "n_shared_experts")
                .rope(10_000)
                .tensors(config -> Experts.ahead(routed(glm4Rules())));
    }

    private static Rules glm4Rules() {
        return Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                .add(
                        LAYER + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight")
                .add(LAYER + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(LAYER + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }

    private static Family exaone() {
        Family family =
                new Family(
                                "exaone-moe",
                                "exaone_moe",
                                "ExaoneMoeForCausalLM",
                                "ExaoneMoEForCausalLM")
                        .defaults("num_experts", 64, "num_experts_per_tok", 8)
                        .defaults("moe_intermediate_size", 1024, "num_shared_experts", 1)
                        .defaults("first_k_dense_replace", 1, "norm_topk_prob", true)
                        .defaults("routed_scaling_factor", 2.5, "sliding_window", 4096)
                        .settings(
                                Common.decoder(1e-5),
                                Common.windows(4),
                                Setting.toGguf(Mixtures::leadingOnly),
                                ignored("num_nextn_predict_layers", "is_moe_layer"));
        return routed(family, "num_experts", "num_shared_experts")
                .rope(10_000)
                .tensors(config ->
                        routed(Experts.bias(decoder(), MLP + "e_score_correction_bias"))
                                .leaveOut("mtp."));
    }

    /** Layers without experts come first, as GGUF counts them. */
    private static void leadingOnly(JsonObject config, Keys keys) {
        List<?> kinds = config.list("mlp_layer_types");
        int dense = config.integer("first_k_dense_replace");
        for (int i = 0; i < kinds.size(); i++) {
            String expected = i < dense ? "dense" : "sparse";
            if (!expected.equals(kinds.get(i))) {
                throw config.wrong("mlp_layer_types", kinds.get(i), expected + " in layer " + i);
            }
        }
    }

    private static Family hunyuan() {
        return new Family("hunyuan-moe", "hunyuan_v1_moe", "HunYuanMoEV1ForCausalLM")
                .defaults("num_experts", 1, "moe_topk", 1)
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        untold("attention.sliding_window"),
                        Experts.uniform("num_experts", "expert_count"),
                        Experts.uniform("moe_topk", "expert_used_count"),
                        Setting.toGguf(Mixtures::hunyuanWidths),
                        told("attention_bias", "blk.0.attn_q.bias"))
                .rope(10_000)
                .tensors(config -> hunyuanRules());
    }

    /** All networks are as wide as a plain one would be, in the library's class. */
    private static void hunyuanWidths(JsonObject config, Keys keys) {
        int width = config.size("intermediate_size");
        config.require("use_qk_norm", true);
        config.require("use_cla", false);
        config.require("num_shared_expert", 1L);
        keys.own("expert_feed_forward_length", width);
        keys.own("expert_shared_feed_forward_length", width);
    }

    private static Rules hunyuanRules() {
        Rules rules =
                Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                        .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                        .add(
                                LAYER + "self_attn.query_layernorm.weight",
                                "blk.{i}.attn_q_norm.weight")
                        .add(LAYER + "self_attn.key_layernorm.weight", "blk.{i}.attn_k_norm.weight")
                        .add(MLP + "gate.wg.weight", "blk.{i}.ffn_gate_inp.weight");
        Experts.each(rules, MLP + "experts.", "gate_proj", "up_proj", "down_proj");
        return Experts.shared(rules, MLP + "shared_mlp.");
    }

    private static Family minimax() {
        return new Family("minimax-m2", "minimax_m2", "MiniMaxM2ForCausalLM")
                .defaults("num_local_experts", 256, "num_experts_per_tok", 8)
                .settings(
                        Common.decoder(1e-6, 128),
                        only("hidden_act", "silu"),
                        untold("attention.sliding_window"),
                        Experts.counts("num_local_experts", "num_experts_per_tok"),
                        Setting.toGguf((config, keys) ->
                                keys.own(
                                        "expert_feed_forward_length",
                                        config.size("intermediate_size"))),
                        Experts.sigmoid(),
                        turned(),
                        Setting.toGguf((config, keys) -> {
                            config.require("use_qk_norm", true);
                            config.require("qk_norm_type", "per_layer");
                        }),
                        ignored(
                                "use_routing_bias",
                                "shared_intermediate_size",
                                "attn_type_list",
                                "use_mtp",
                                "num_mtp_modules",
                                "mtp_transformer_layers",
                                "max_model_len"))
                .rope(10_000)
                .tensors(config -> minimaxRules());
    }

    /** Columns of a head that turn, by their number. */
    private static Setting turned() {
        return Setting.of(
                (config, keys) -> {
                    int turned = RopeKeys.turned(config, 1);
                    keys.own("rope.dimension_count", config.integer("rotary_dim", turned));
                },
                (keys, config) ->
                        config.put(
                                "rotary_dim",
                                keys.integer("rope.dimension_count", keys.headLength())));
    }

    private static Rules minimaxRules() {
        String moe = LAYER + "block_sparse_moe.";
        Rules rules = decoder().add(moe + "gate.weight", "blk.{i}.ffn_gate_inp.weight");
        Experts.each(rules, moe + "experts.", "w1", "w3", "w2");
        return Experts.bias(rules, moe + "e_score_correction_bias").leaveOut("mtp.");
    }

    private static Family phi() {
        return new Family("phimoe", "phimoe", "PhimoeForCausalLM", "PhiMoEForCausalLM")
                .defaults("num_local_experts", 16, "num_experts_per_tok", 2)
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        optionalSize("sliding_window", "attention.sliding_window"),
                        Experts.counts("num_local_experts", "num_experts_per_tok"),
                        RopeKeys.partial(1),
                        new Phi3.LongRope(),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        told("lm_head_bias", "output.bias"),
                        ignored("input_jitter_noise"))
                .tensors(config -> phiRules())
                .extraTensors(Phi3::extraTensors, Phi3.LONG, Phi3.SHORT);
    }

    private static Rules phiRules() {
        String moe = LAYER + "block_sparse_moe.";
        Rules rules =
                Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                        .add("model.norm.bias", "output_norm.bias")
                        .add("lm_head.bias", "output.bias")
                        .add(LAYER + "input_layernorm.bias", "blk.{i}.attn_norm.bias")
                        .linear(LAYER + "post_attention_layernorm", "blk.{i}.ffn_norm")
                        .add(moe + "gate.weight", "blk.{i}.ffn_gate_inp.weight");
        return Experts.each(rules, moe + "experts.", "w1", "w3", "w2");
    }
}
