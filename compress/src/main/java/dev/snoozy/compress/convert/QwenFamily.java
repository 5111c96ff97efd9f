package dev.snoozy.compress.convert;

import java.util.Map;

/** Qwen 2, 2.5 and 3, dense. */
record QwenFamily(String checkpointClass, String modelType) implements Family {
    @Override
    public String architecture() {
        return modelType;
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        Common.decoder(config, keys);
        Common.require(config, "hidden_act", "silu");
        Common.require(config, "use_sliding_window", false);
        // Windows that are not used: what stands beside the flag says nothing.
        config.get("sliding_window");
        config.get("max_window_layers");
        config.get("layer_types");
        RopeKeys.describe(config, keys);
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        int window = keys.integer("attention.sliding_window", 0);
        if (window != 0) {
            throw new ConvertException(
                    architecture()
                            + ".attention.sliding_window: found "
                            + window
                            + "; the library has windows in some layers of these models only, so"
                            + " this cannot be converted back");
        }
        Common.decoder(keys, config);
        config.put("hidden_act", "silu");
        RopeKeys.describe(keys, config);
        if (modelType.equals("qwen3")) {
            config.put("attention_bias", keys.hasTensor("blk.0.attn_q.bias"));
        }
    }

    @Override
    public Rules rules(JsonObject config) {
        String layer = "model.layers.{i}.";
        return Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                .add(layer + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }
}
