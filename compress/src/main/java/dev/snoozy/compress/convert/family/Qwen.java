package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.told;

import java.util.List;

/** Qwen 2, 2.5 and 3, dense. */
final class Qwen {
    static List<Family> families() {
        return List.of(
                qwen("qwen2", "Qwen2ForCausalLM", "Qwen2Model"),
                qwen("qwen3", "Qwen3ForCausalLM", "Qwen3Model")
                        .settings(told("attention_bias", "blk.0.attn_q.bias")));
    }

    private Qwen() {}

    private static Family qwen(String architecture, String checkpointClass, String... aliases) {
        return new Family(architecture, architecture, checkpointClass, aliases)
                .settings(noWindow(), Common.decoder(1e-6), only("hidden_act", "silu"))
                .rope(10_000)
                .tensors(Qwen::rules);
    }

    /** Windows that are not used: what stands beside the flag says nothing. */
    static Setting noWindow() {
        return Setting.of(
                (config, keys) -> {
                    config.require("use_sliding_window", false);
                    ignored("sliding_window", "max_window_layers", "layer_types")
                            .read(config, keys);
                },
                (keys, config) -> {
                    if (keys.integer(Common.WINDOW, 0) != 0) {
                        throw keys.wrong(
                                Common.WINDOW,
                                "the library has windows in some layers of these models only, so"
                                        + " this cannot be converted back");
                    }
                });
    }

    private static Rules rules(JsonObject config) {
        String layer = "model.layers.{i}.";
        return Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                .add(layer + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }
}
