package dev.snoozy.compress.convert;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Phi-3 and Phi-4-mini: one matrix for queries, keys and values, one for gate and up. */
record Phi3Family() implements Family {
    private static final String LONG = "rope_factors_long.weight";
    private static final String SHORT = "rope_factors_short.weight";

    @Override
    public String architecture() {
        return "phi3";
    }

    @Override
    public String checkpointClass() {
        return "Phi3ForCausalLM";
    }

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        Common.decoder(config, keys);
        Common.require(config, "hidden_act", "silu");
        keys.own("rope.dimension_count", dimensions(config));
        keys.own("rope.freq_base", (float) RopeKeys.base(config));
        int original =
                config.integer(
                        "original_max_position_embeddings", config.size("max_position_embeddings"));
        keys.own("rope.scaling.original_context_length", original);
        if (config.has("sliding_window")) {
            keys.own("attention.sliding_window", config.size("sliding_window"));
        }
        JsonObject scaling = RopeKeys.scaling(config);
        String type = scaling.string("rope_type", scaling.string("type", "default"));
        switch (type) {
            case "default" -> {}
            case "longrope", "su" -> {
                double scale = config.number("max_position_embeddings") / original;
                double magnitude =
                        scale <= 1 ? 1 : Math.sqrt(1 + Math.log(scale) / Math.log(original));
                keys.own("rope.scaling.attn_factor", (float) magnitude);
            }
            default -> throw scaling.wrong("type", type, "default or longrope");
        }
    }

    private static int dimensions(JsonObject config) {
        double inside = RopeKeys.scaling(config).number("partial_rotary_factor", 1);
        return (int) (config.number("partial_rotary_factor", inside) * Common.headLength(config));
    }

    @Override
    public Map<String, float[]> extraTensors(JsonObject config) {
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
        int expected = dimensions(config) / 2;
        if (factors.length != expected) {
            throw scaling.wrong(key, factors.length + " numbers", expected + ", one for each pair");
        }
        return factors;
    }

    @Override
    public Set<String> tensorsInConfig() {
        return Set.of(LONG, SHORT);
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        Common.decoder(keys, config);
        config.put("hidden_act", "silu");
        config.put("rope_theta", keys.number("rope.freq_base", 10_000));
        int headLength =
                keys.integer(
                        "attention.key_length",
                        keys.integer("embedding_length") / keys.integer("attention.head_count"));
        int turned = keys.integer("rope.dimension_count", headLength);
        if (turned != headLength) {
            config.put("partial_rotary_factor", (double) turned / headLength);
        }
        config.put(
                "original_max_position_embeddings",
                keys.integer(
                        "rope.scaling.original_context_length", keys.integer("context_length")));
        if (keys.has("attention.sliding_window")) {
            config.put("sliding_window", keys.integer("attention.sliding_window"));
        }
        if (keys.hasTensor(LONG)) {
            Map<String, Object> scaling = Common.members();
            scaling.put("type", "longrope");
            scaling.put("long_factor", keys.values(LONG));
            scaling.put("short_factor", keys.values(SHORT));
            config.put("rope_scaling", scaling);
        }
    }

    @Override
    public Rules rules(JsonObject config) {
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
