package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.constant;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalNumber;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** OLMo 1 to 3, and EXAONE 4, which has its norms where OLMo 2 has them. */
final class Olmo {
    private static final int PERIOD = 4;

    private Olmo() {}

    static List<Family> families() {
        return List.of(olmo(), olmo3(), olmo2(), exaone4());
    }

    /** OLMo, whose norms have no weights. */
    private static Family olmo() {
        return new Family("olmo", "olmo", "OlmoForCausalLM")
                .settings(
                        Common.sizes(0),
                        constant("attention.layer_norm_epsilon", 1e-5f),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        optionalNumber("clip_qkv", "attention.clamp_kqv"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config ->
                        Common.decoder(
                                Transform.SAME,
                                Common.pairedQueries(config),
                                Common.pairedKeys(config)));
    }

    private static Family olmo2() {
        return after("olmo2", "olmo2", "Olmo2ForCausalLM").rope(10_000);
    }

    /** OLMo 3; only what is outside of windows is stretched. */
    private static Family olmo3() {
        return after("olmo2", "olmo3", "Olmo3ForCausalLM")
                .settings(Common.windows(PERIOD), RopeKeys.layered(500_000))
                .defaults("sliding_window", 4096)
                .where(keys -> keys.integer(Common.WINDOW, 0) > 0);
    }

    private static Family exaone4() {
        return after("exaone4", "exaone4", "Exaone4ForCausalLM")
                .settings(Common.windows(PERIOD))
                .rope(10_000)
                .defaults("sliding_window", 4096);
    }

    /** A decoder whose norms come after the halves of a layer. */
    private static Family after(String architecture, String modelType, String checkpointClass) {
        return new Family(architecture, modelType, checkpointClass)
                .settings(
                        all(
                                Common.decoder(1e-5),
                                Common.turnedColumns(),
                                only("hidden_act", "silu")),
                        told("attention_bias", "blk.0.attn_q.bias"))
                .tensors(config -> rules());
    }

    private static Rules rules() {
        String layer = "model.layers.{i}.";
        Transform same = Transform.SAME;
        return Common.decoder(same, same, same)
                .add(
                        layer + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight")
                .add(layer + "post_feedforward_layernorm.weight", "blk.{i}.post_ffw_norm.weight")
                .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }
}
