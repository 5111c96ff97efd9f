package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * gpt-oss: rows of gate and up take turns in one tensor of all experts, whose matrices stand the
 * other way round, but not where they are in blocks of MXFP4, which stay as they are.
 */
final class GptOss {
    private static final double BASE = 150_000;
    private static final String EXPERTS = "model.layers.{i}.mlp.experts.";

    static Family family() {
        return new Family("gpt-oss", "gpt_oss", "GptOssForCausalLM")
                .defaults("num_local_experts", 128, "num_experts_per_tok", 4)
                .defaults("sliding_window", 128)
                .settings(
                        Common.decoder(1e-5, 64),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        only("attention_bias", true),
                        size("sliding_window", Common.WINDOW),
                        Experts.counts(
                                "num_local_experts|num_experts",
                                "num_experts_per_tok|experts_per_token"),
                        Setting.toGguf((config, keys) ->
                                keys.own(
                                        "expert_feed_forward_length",
                                        config.size("intermediate_size"))),
                        Setting.toGguf(GptOss::checkLayers),
                        Setting.toGguf(GptOss::checkBlocks),
                        new Yarn(),
                        ignored("initial_context_length", "experts_per_token"))
                .tensors(config -> rules());
    }

    private GptOss() {}

    /** OpenAI's own files have their experts in blocks of MXFP4. */
    private static void checkBlocks(JsonObject config, Keys keys) {
        config.optionalObject("quantization_config")
                .ifPresent(blocks -> blocks.require("quant_method", "mxfp4"));
    }

    /** Every second layer sees everything, beginning with the second. */
    private static void checkLayers(JsonObject config, Keys keys) {
        config.require("swiglu_limit", 7.0, 7L);
        List<?> kinds = config.list("layer_types");
        for (int i = 0; i < kinds.size(); i++) {
            String expected = i % 2 == 0 ? "sliding_attention" : "full_attention";
            if (!expected.equals(kinds.get(i))) {
                throw config.wrong("layer_types", kinds.get(i), expected + " in layer " + i);
            }
        }
    }

    /**
     * The class stretches its frequencies where config.json does not say otherwise. That the ends
     * of the ramp are no whole numbers there changes frequencies in the fourth digit; no engine for
     * GGUF files heeds it, and their keys cannot say it.
     */
    private static final class Yarn implements Setting {
        private static final JsonObject USUAL =
                new JsonObject(
                        "GptOssConfig",
                        Map.of(
                                "rope_type", "yarn",
                                "factor", 32.0,
                                "beta_fast", 32.0,
                                "beta_slow", 1.0,
                                "original_max_position_embeddings", 4096L));

        @Override
        public void read(JsonObject config, Keys keys) {
            keys.own("rope.freq_base", (float) RopeKeys.base(config, BASE));
            JsonObject said = RopeKeys.scaling(config);
            Map<String, Object> members = new LinkedHashMap<>();
            for (String key : said.keys()) {
                Object value = said.get(key);
                if (value != null && !key.equals("truncate")) {
                    members.put(key, value);
                }
            }
            boolean silent = !members.containsKey("rope_type") && !members.containsKey("type");
            JsonObject scaling = silent ? USUAL : new JsonObject(said.what(), members);
            RopeKeys.readScaling(config, scaling, keys);
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            RopeKeys.rope(BASE).write(keys, config);
            if (config.get("rope_scaling") instanceof Map<?, ?> written) {
                Map<String, Object> scaling = Common.members();
                written.forEach((key, value) -> scaling.put(String.valueOf(key), value));
                scaling.put("truncate", false);
                config.put("rope_scaling", scaling);
            } else {
                config.put("rope_scaling", Map.of("rope_type", "default"));
            }
        }
    }

    private static Rules rules() {
        String layer = "model.layers.{i}.";
        Transform gate = Transform.of(RowOrder.every(0, 2));
        Transform up = Transform.of(RowOrder.every(1, 2));
        Transform gateBias = Transform.SAME.columns(RowOrder.every(0, 2));
        Transform upBias = Transform.SAME.columns(RowOrder.every(1, 2));
        return Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                .add(
                        layer + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight")
                .add(layer + "self_attn.sinks", "blk.{i}.attn_sinks.weight")
                .linear(layer + "mlp.router", "blk.{i}.ffn_gate_inp")
                .add(EXPERTS + "gate_up_proj", "blk.{i}.ffn_gate_exps.weight", gate.turned())
                .add(EXPERTS + "gate_up_proj", "blk.{i}.ffn_up_exps.weight", up.turned())
                .add(EXPERTS + "down_proj", "blk.{i}.ffn_down_exps.weight", Transform.TRANSPOSED)
                .add(EXPERTS + "gate_up_proj_bias", "blk.{i}.ffn_gate_exps.bias", gateBias)
                .add(EXPERTS + "gate_up_proj_bias", "blk.{i}.ffn_up_exps.bias", upBias)
                .add(EXPERTS + "down_proj_bias", "blk.{i}.ffn_down_exps.bias");
    }
}
