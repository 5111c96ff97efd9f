package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.Arrays;
import java.util.List;

/** LFM 2, which has short convolutions in most layers, and the one with experts. */
final class Lfm2 {
    private static final String LAYER = "model.layers.{i}.";
    private static final String NETWORK = LAYER + "feed_forward.";
    private static final double BASE = 1_000_000;

    static List<Family> families() {
        return List.of(
                lfm("lfm2", "lfm2", "Lfm2ForCausalLM", "LFM2ForCausalLM")
                        .settings(width())
                        .tensors(config -> rules()),
                lfm("lfm2moe", "lfm2_moe", "Lfm2MoeForCausalLM")
                        .defaults("num_experts", 32, "num_experts_per_tok", 4)
                        .defaults("moe_intermediate_size", 1792, "num_dense_layers", 2)
                        .settings(
                                size("intermediate_size", "feed_forward_length"),
                                Experts.counts("num_experts", "num_experts_per_tok"),
                                Experts.width("moe_intermediate_size"),
                                Experts.dense("num_dense_layers"),
                                Experts.normalized(true),
                                Experts.scaled(),
                                Experts.sigmoid(),
                                only("use_expert_bias", true))
                        .tensors(config -> mixed(rules())));
    }

    private Lfm2() {}

    private static Family lfm(String architecture, String modelType, String... classes) {
        String[] aliases = Arrays.copyOfRange(classes, 1, classes.length);
        return new Family(architecture, modelType, classes[0], aliases)
                .defaults("conv_L_cache", 3)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("max_position_embeddings", "context_length", 128_000),
                        number("norm_eps|block_norm_eps", "attention.layer_norm_rms_epsilon", 1e-5),
                        Settings.vocabulary(),
                        new LayerKinds("layer_types", "conv", "full_attention"),
                        size("conv_L_cache", "shortconv.l_cache"),
                        only("conv_bias", false),
                        ignored(
                                "full_attn_idxs",
                                "block_dim",
                                "block_mlp_init_scale",
                                "block_norm_eps",
                                "block_out_init_scale",
                                "block_use_swiglu",
                                "block_use_xavier_init",
                                "conv_dim",
                                "conv_dim_out",
                                "conv_use_xavier_init",
                                "num_heads",
                                "use_pos_enc",
                                "theta",
                                "eos_token_id"))
                .tied()
                .rope(BASE);
    }

    /** Columns within a network: two thirds of what is said, made up to a round number. */
    private static Setting width() {
        String names = "intermediate_size|block_ff_dim";
        return Setting.of(
                (config, keys) -> {
                    int width = config.size(config.named(names));
                    if (config.flag("block_auto_adjust_ff_dim", true)) {
                        int step = config.integer("block_multiple_of", 256);
                        double factor = config.number("block_ffn_dim_multiplier", 1);
                        width = Math.ceilDiv((int) (factor * (2 * width / 3)), step) * step;
                    }
                    config.get("block_multiple_of");
                    config.get("block_ffn_dim_multiplier");
                    config.get("block_ff_dim");
                    keys.own("feed_forward_length", width);
                },
                (keys, config) -> {
                    config.put("intermediate_size", keys.integer("feed_forward_length"));
                    config.put("block_auto_adjust_ff_dim", false);
                });
    }

    private static Rules rules() {
        String attention = LAYER + "self_attn.";
        return new Rules()
                .add("model.embed_tokens.weight", "token_embd.weight")
                .add("model.embedding_norm.weight", "token_embd_norm.weight")
                .add("lm_head.weight", "output.weight")
                .add(LAYER + "operator_norm.weight", "blk.{i}.attn_norm.weight")
                .add(LAYER + "ffn_norm.weight", "blk.{i}.ffn_norm.weight")
                .add(attention + "q_proj.weight", "blk.{i}.attn_q.weight")
                .add(attention + "k_proj.weight", "blk.{i}.attn_k.weight")
                .add(attention + "v_proj.weight", "blk.{i}.attn_v.weight")
                .add(attention + "out_proj.weight", "blk.{i}.attn_output.weight")
                .add(attention + "q_layernorm.weight", "blk.{i}.attn_q_norm.weight")
                .add(attention + "k_layernorm.weight", "blk.{i}.attn_k_norm.weight")
                .add(
                        LAYER + "conv.conv.weight",
                        "blk.{i}.shortconv.conv.weight",
                        Transform.of(TensorView.CONVOLUTION))
                .add(LAYER + "conv.in_proj.weight", "blk.{i}.shortconv.in_proj.weight")
                .add(LAYER + "conv.out_proj.weight", "blk.{i}.shortconv.out_proj.weight")
                .add(NETWORK + "w1.weight", "blk.{i}.ffn_gate.weight")
                .add(NETWORK + "w3.weight", "blk.{i}.ffn_up.weight")
                .add(NETWORK + "w2.weight", "blk.{i}.ffn_down.weight");
    }

    private static Rules mixed(Rules rules) {
        rules.add(NETWORK + "gate.weight", "blk.{i}.ffn_gate_inp.weight");
        Experts.each(rules, NETWORK + "experts.", "w1", "w3", "w2");
        return Experts.bias(rules, NETWORK + "expert_bias");
    }
}
