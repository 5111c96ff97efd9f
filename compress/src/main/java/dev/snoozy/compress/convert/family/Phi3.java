package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;

import java.util.LinkedHashMap;
import java.util.Map;

/** Phi-3 and Phi-4-mini: one matrix for queries, keys and values, one for gate and up. */
final class Phi3 {
    static final String LONG = "rope_factors_long.weight";
    static final String SHORT = "rope_factors_short.weight";
    private static final String FACTOR = "rope.scaling.attn_factor";
    private static final String ORIGINAL = "rope.scaling.original_context_length";

    static Family family() {
        return new Family("phi3", "phi3", "Phi3ForCausalLM")
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        RopeKeys.partial(1),
                        new LongRope(),
                        optionalSize("sliding_window", "attention.sliding_window"))
                .tensors(config -> rules())
                .extraTensors(Phi3::extraTensors, LONG, SHORT);
    }

    private Phi3() {}

    /** Two tables of divisors, for texts within the original context and beyond. */
    static final class LongRope implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            keys.own("rope.freq_base", (float) RopeKeys.base(config, 10_000));
            int original =
                    config.integer(
                            "original_max_position_embeddings",
                            config.size("max_position_embeddings"));
            keys.own(ORIGINAL, original);
            JsonObject scaling = RopeKeys.scaling(config);
            String type = scaling.string("rope_type", scaling.string("type", "default"));
            switch (type) {
                case "default" -> {}
                case "longrope", "su" -> {
                    double usual = magnitude(config.number("max_position_embeddings"), original);
                    keys.own(FACTOR, (float) scaling.number("attention_factor", usual));
                }
                default -> throw scaling.wrong("type", type, "default or longrope");
            }
        }

        private static double magnitude(double length, int original) {
            double scale = length / original;
            return scale <= 1 ? 1 : Math.sqrt(1 + Math.log(scale) / Math.log(original));
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            config.put("rope_theta", keys.number("rope.freq_base", 10_000));
            int length = keys.integer("context_length");
            int original = keys.integer(ORIGINAL, length);
            config.put("original_max_position_embeddings", original);
            if (keys.hasTensor(LONG)) {
                Map<String, Object> scaling = Common.members();
                scaling.put("type", "longrope");
                scaling.put("long_factor", keys.values(LONG));
                scaling.put("short_factor", keys.values(SHORT));
                double factor = keys.number(FACTOR, 1);
                if ((float) factor != (float) magnitude(length, original)) {
                    scaling.put("attention_factor", factor);
                }
                config.put("rope_scaling", scaling);
            }
        }
    }

    static Map<String, float[]> extraTensors(JsonObject config) {
        JsonObject scaling = RopeKeys.scaling(config);
        if (!scaling.has("long_factor")) {
            return Map.of();
        }
        Map<String, float[]> tensors = new LinkedHashMap<>();
        tensors.put(LONG, factors(config, scaling, "long_factor"));
        tensors.put(SHORT, factors(config, scaling, "short_factor"));
        return tensors;
    }

    private static float[] factors(JsonObject config, JsonObject scaling, String key) {
        float[] factors = scaling.floats(key);
        int expected = RopeKeys.turned(config, 1) / 2;
        if (factors.length != expected) {
            throw scaling.wrong(key, factors.length + " numbers", expected + ", one for each pair");
        }
        return factors;
    }

    private static Rules rules() {
        String layer = "model.layers.{i}.";
        return Common.ends(Transform.SAME)
                .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                .add(layer + "self_attn.qkv_proj.weight", "blk.{i}.attn_qkv.weight")
                .add(layer + "self_attn.o_proj.weight", "blk.{i}.attn_output.weight")
                .add(layer + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(layer + "mlp.gate_up_proj.weight", "blk.{i}.ffn_up.weight")
                .add(layer + "mlp.down_proj.weight", "blk.{i}.ffn_down.weight");
    }
}
