package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.Arrays;
import java.util.List;

/** Decoders of the shape of Llama whose positions turn the halves of a head, as Qwen's do. */
final class QwenLike {
    private static final String LAYER = "model.layers.{i}.";
    private static final String SECTIONS = "rope.dimension_sections";

    private QwenLike() {}

    static List<Family> families() {
        return List.of(
                exaone(),
                hunyuan(),
                seedOss(),
                apertus(),
                seeing("qwen2vl", "qwen2_vl", "Qwen2VLForConditionalGeneration", 0),
                seeing("qwen2vl", "qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration", 0)
                        .where(keys -> false),
                seeing("qwen3vl", "qwen3_vl", "Qwen3VLForConditionalGeneration", 128));
    }

    private static Rules rules() {
        Transform same = Transform.SAME;
        return Common.decoder(same, same, same)
                .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight");
    }

    /** EXAONE 3 and 3.5. */
    private static Family exaone() {
        return new Family("exaone", "exaone", "ExaoneForCausalLM")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size", "feed_forward_length"),
                        size("num_layers|num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.keyHeads(),
                        Common.headLengths(0),
                        size("max_position_embeddings", "context_length"),
                        Settings.vocabulary(),
                        number("layer_norm_epsilon", "attention.layer_norm_rms_epsilon", 1e-5),
                        only("activation_function", "silu"),
                        ignored("embed_dropout"),
                        RopeKeys.partial(1),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config -> exaoneRules());
    }

    private static Rules exaoneRules() {
        return new Rules()
                .add("transformer.wte.weight", "token_embd.weight")
                .add("transformer.ln_f.weight", "output_norm.weight")
                .add("lm_head.weight", "output.weight")
                .add("transformer.h.{i}.ln_1.weight", "blk.{i}.attn_norm.weight")
                .linear("transformer.h.{i}.attn.attention.q_proj", "blk.{i}.attn_q")
                .linear("transformer.h.{i}.attn.attention.k_proj", "blk.{i}.attn_k")
                .linear("transformer.h.{i}.attn.attention.v_proj", "blk.{i}.attn_v")
                .linear("transformer.h.{i}.attn.attention.out_proj", "blk.{i}.attn_output")
                .add("transformer.h.{i}.ln_2.weight", "blk.{i}.ffn_norm.weight")
                .linear("transformer.h.{i}.mlp.c_fc_0", "blk.{i}.ffn_gate")
                .linear("transformer.h.{i}.mlp.c_fc_1", "blk.{i}.ffn_up")
                .linear("transformer.h.{i}.mlp.c_proj", "blk.{i}.ffn_down")
                .drop("transformer.h.{i}.attn.attention.rotary.inv_freq");
    }

    private static Family hunyuan() {
        return new Family("hunyuan-dense", "hunyuan_v1_dense", "HunYuanDenseV1ForCausalLM")
                .settings(
                        Common.decoder(1e-5),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        only("use_qk_norm", true),
                        only("use_cla", false),
                        only("use_rotary_pos_emb", true),
                        only("norm_type", "rms", "hf_rms", "fused"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        hunyuanRope(),
                        untold(Common.WINDOW),
                        ignored(
                                "attention_head_dim",
                                "cla_share_factor",
                                "class_num",
                                "dense_list",
                                "enable_attention_fp32_softmax",
                                "enable_lm_head_fp32",
                                "eod_token_id",
                                "im_end_id",
                                "im_newline_id",
                                "im_start_id",
                                "image_token_id",
                                "mask_init_id",
                                "org_vocab_size",
                                "pad_id",
                                "pool_type",
                                "text_end_id",
                                "text_start_id"))
                .tensors(config ->
                        rules().add(
                                        LAYER + "self_attn.query_layernorm.weight",
                                        "blk.{i}.attn_q_norm.weight")
                                .add(
                                        LAYER + "self_attn.key_layernorm.weight",
                                        "blk.{i}.attn_k_norm.weight"));
    }

    /**
     * Rope type dynamic with a member {@code alpha} makes the base larger, for texts of any length
     * ("NTK-aware"); GGUF has that base, and a checkpoint that is written back, too.
     */
    private static Setting hunyuanRope() {
        Setting rope = RopeKeys.withinContext(10_000);
        return Setting.of(
                (config, keys) -> {
                    double alpha = RopeKeys.scaling(config).number("alpha", 0);
                    RopeKeys.scaling(config).get("beta_fast");
                    RopeKeys.scaling(config).get("beta_slow");
                    RopeKeys.scaling(config).get("mscale");
                    RopeKeys.scaling(config).get("mscale_all_dim");
                    rope.read(config, keys);
                    if (alpha != 0) {
                        double length = Common.headLength(config);
                        double grown = Math.pow(alpha, length / (length - 2));
                        keys.own("rope.freq_base", (float) (RopeKeys.base(config, 10_000) * grown));
                    }
                },
                rope::write);
    }

    private static Family seedOss() {
        return new Family("seed_oss", "seed_oss", "SeedOssForCausalLM")
                .settings(
                        Common.decoder(1e-6, 128),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        told("attention_out_bias", "blk.0.attn_output.bias"),
                        told("mlp_bias", "blk.0.ffn_up.bias"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .defaults("num_key_value_heads", 8)
                .tensors(config -> {
                    Transform same = Transform.SAME;
                    return Common.decoder(same, same, same)
                            .add(
                                    LAYER + "post_attention_layernorm.weight",
                                    "blk.{i}.post_attention_norm.weight");
                });
    }

    /** Apertus; the numbers of its activation are tensors there and metadata here. */
    private static Family apertus() {
        return new Family("apertus", "apertus", "ApertusForCausalLM")
                .settings(
                        Common.decoder(1e-5),
                        Common.turnedColumns(),
                        only("hidden_act", "xielu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        only("post_norm", false),
                        only("qk_norm", true),
                        ignored("mlp_bias"),
                        untold(Common.WINDOW))
                .rope(12_000_000)
                .tensors(config ->
                        Common.ends(Transform.SAME)
                                .add(
                                        LAYER + "attention_layernorm.weight",
                                        "blk.{i}.attn_norm.weight")
                                .add(
                                        LAYER + "feedforward_layernorm.weight",
                                        "blk.{i}.ffn_norm.weight")
                                .linear(LAYER + "self_attn.q_proj", "blk.{i}.attn_q")
                                .linear(LAYER + "self_attn.k_proj", "blk.{i}.attn_k")
                                .linear(LAYER + "self_attn.v_proj", "blk.{i}.attn_v")
                                .linear(LAYER + "self_attn.o_proj", "blk.{i}.attn_output")
                                .add(
                                        LAYER + "self_attn.q_norm.weight",
                                        "blk.{i}.attn_q_norm.weight")
                                .add(
                                        LAYER + "self_attn.k_norm.weight",
                                        "blk.{i}.attn_k_norm.weight")
                                .linear(LAYER + "mlp.up_proj", "blk.{i}.ffn_up")
                                .linear(LAYER + "mlp.down_proj", "blk.{i}.ffn_down")
                                .number(LAYER + "mlp.act_fn.alpha_p", "xielu.alpha_p", 1L)
                                .number(LAYER + "mlp.act_fn.alpha_n", "xielu.alpha_n", 1L)
                                .number(LAYER + "mlp.act_fn.beta", "xielu.beta")
                                .number(LAYER + "mlp.act_fn.eps", "xielu.eps"));
    }

    /** The text part of a model that sees: in a text the positions of all axes are the same. */
    private static Family seeing(
            String architecture, String modelType, String checkpointClass, int headLength) {
        return new Family(architecture, modelType, checkpointClass)
                .settings(
                        Common.decoder(1e-6, headLength),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        sections(),
                        seenLayers(),
                        Qwen.noWindow(),
                        ignored(
                                "image_token_id",
                                "video_token_id",
                                "vision_token_id",
                                "vision_start_token_id",
                                "vision_end_token_id"))
                .rope(headLength == 0 ? 1_000_000 : 500_000)
                .tensors(config ->
                        rules().add(LAYER + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                                .add(
                                        LAYER + "self_attn.k_norm.weight",
                                        "blk.{i}.attn_k_norm.weight")
                                .leaveOut("visual.", "model.visual."));
    }

    /** How many layers of the part that sees reach into the first ones of the text. */
    private static Setting seenLayers() {
        return Setting.toGguf((config, keys) -> {
            int layers =
                    config.optionalObject("vision_config")
                            .map(vision -> vision.list("deepstack_visual_indexes").size())
                            .orElse(0);
            keys.own("n_deepstack_layers", layers);
        });
    }

    /** How many pairs turn by time, height and width; GGUF has a fourth axis. */
    private static Setting sections() {
        return Setting.of(
                (config, keys) -> {
                    int[] sections = RopeKeys.scaling(config).integers("mrope_section");
                    if (sections.length > 0) {
                        keys.own(SECTIONS, Arrays.copyOf(sections, 4));
                    }
                },
                (keys, config) -> {
                    if (keys.get(SECTIONS) instanceof int[] four && four.length >= 3) {
                        List<Integer> three = Arrays.stream(four, 0, 3).boxed().toList();
                        RopeKeys.addTo(config, "mrope_section", three);
                        RopeKeys.addTo(config, "rope_type", "default");
                    }
                });
    }
}
