package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.Arrays;
import java.util.List;

/**
 * Falcon H1: Mamba 2 and attention side by side in every layer. Its checkpoints have factors of
 * many parts in config.json, which GGUF has in the weights.
 */
final class FalconH1 {
    private static final String LAYER = "model.layers.{i}.";

    /** Parts of what goes into a mixer, each with its factor: gate, input, written, read, steps. */
    private static final int PARTS = 5;

    static Family family() {
        return new Family("falcon-h1", "falcon_h1", "FalconH1ForCausalLM")
                .defaults("mamba_d_ssm", 1024, "mamba_n_heads", 128, "mamba_n_groups", 1)
                .defaults("mamba_d_state", 256, "mamba_d_conv", 4)
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        Common.turnedColumns(),
                        size("mamba_d_ssm", "ssm.inner_size"),
                        StateSpace.second("mamba_"),
                        only("attention_bias", false),
                        only("mlp_bias", false),
                        only("projectors_bias", false),
                        norm(),
                        factors(),
                        ignored("mamba_expand", "mamba_use_mlp", "layers_block_type"))
                .rope(10_000)
                .tensors(FalconH1::rules);
    }

    private FalconH1() {}

    /** A norm behind the gate, in some models. */
    private static Setting norm() {
        return Setting.of(
                (config, keys) -> {
                    if (config.flag("mamba_rms_norm", false)) {
                        boolean before = config.flag("mamba_norm_before_gate", true);
                        if (before) {
                            throw config.wrong("mamba_norm_before_gate", true, "false");
                        }
                    }
                    config.get("mamba_norm_before_gate");
                },
                (keys, config) -> {
                    config.put("mamba_rms_norm", keys.hasTensor("blk.0.ssm_norm.weight"));
                    config.put("mamba_norm_before_gate", false);
                });
    }

    /** The factors, which are all 1 on the way back. */
    private static Setting factors() {
        return Setting.toCheckpoint((keys, config) -> {
            for (String name :
                    List.of(
                            "embedding_multiplier",
                            "lm_head_multiplier",
                            "key_multiplier",
                            "attention_in_multiplier",
                            "attention_out_multiplier",
                            "ssm_in_multiplier",
                            "ssm_out_multiplier")) {
                config.put(name, 1.0);
            }
            config.put("mlp_multipliers", List.of(1.0, 1.0));
            config.put("ssm_multipliers", List.of(1.0, 1.0, 1.0, 1.0, 1.0));
        });
    }

    private static float factor(JsonObject config, String name) {
        return (float) config.number(name, 1);
    }

    private static float[] factors(JsonObject config, String name, int count) {
        if (!config.has(name)) {
            float[] ones = new float[count];
            Arrays.fill(ones, 1);
            return ones;
        }
        float[] factors = config.floats(name);
        if (factors.length != count) {
            throw config.wrong(name, config.get(name), count + " numbers");
        }
        return factors;
    }

    private static Transform times(float factor) {
        return factor == 1
                ? Transform.SAME
                : Transform.SAME.with(Transform.Values.times(row -> factor));
    }

    private static Transform mixed(JsonObject config) {
        float all = factor(config, "ssm_in_multiplier");
        float[] each = factors(config, "ssm_multipliers", PARTS);
        boolean ones = all == 1;
        for (float factor : each) {
            ones &= factor == 1;
        }
        if (ones) {
            return Transform.SAME;
        }
        long inner = config.size("mamba_d_ssm");
        long states = (long) config.size("mamba_n_groups") * config.size("mamba_d_state");
        long[] ends = {inner, 2 * inner, 2 * inner + states, 2 * inner + 2 * states};
        return Transform.SAME.with(
                Transform.Values.times(row -> {
                    int part = 0;
                    while (part < ends.length && row >= ends[part]) {
                        part++;
                    }
                    return all * each[part];
                }));
    }

    private static Rules rules(JsonObject config) {
        String attention = LAYER + "self_attn.";
        String network = LAYER + "feed_forward.";
        String mixer = LAYER + "mamba.";
        float in = factor(config, "attention_in_multiplier");
        float[] mlp = factors(config, "mlp_multipliers", 2);
        Rules rules =
                new Rules()
                        .add(
                                "model.embed_tokens.weight",
                                "token_embd.weight",
                                times(factor(config, "embedding_multiplier")))
                        .add("model.final_layernorm.weight", "output_norm.weight")
                        .add(
                                "lm_head.weight",
                                "output.weight",
                                times(factor(config, "lm_head_multiplier")))
                        .add(LAYER + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                        .add(LAYER + "pre_ff_layernorm.weight", "blk.{i}.ffn_norm")
                        .add(attention + "q_proj.weight", "blk.{i}.attn_q.weight", times(in))
                        .add(
                                attention + "k_proj.weight",
                                "blk.{i}.attn_k.weight",
                                times(in * factor(config, "key_multiplier")))
                        .add(attention + "v_proj.weight", "blk.{i}.attn_v.weight", times(in))
                        .add(
                                attention + "o_proj.weight",
                                "blk.{i}.attn_output.weight",
                                times(factor(config, "attention_out_multiplier")))
                        .add(network + "gate_proj.weight", "blk.{i}.ffn_gate.weight", times(mlp[0]))
                        .add(network + "up_proj.weight", "blk.{i}.ffn_up.weight")
                        .add(network + "down_proj.weight", "blk.{i}.ffn_down.weight", times(mlp[1]))
                        .add(mixer + "in_proj.weight", "blk.{i}.ssm_in.weight", mixed(config))
                        .add(
                                mixer + "out_proj.weight",
                                "blk.{i}.ssm_out.weight",
                                times(factor(config, "ssm_out_multiplier")));
        return StateSpace.inside(rules, mixer, config.size("mamba_n_groups"));
    }
}
