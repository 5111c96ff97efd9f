package dev.snoozy.compress.convert;

import java.util.List;
import java.util.Map;

/** Gemma 2 and the text part of Gemma 3: norms multiply by one plus their weights. */
record GemmaFamily(String checkpointClass, String modelType, String architecture)
        implements Family {
    private static final int GEMMA2_PATTERN = 2;
    private static final int GEMMA3_PATTERN = 6;
    private static final double GEMMA3_LOCAL_BASE = 10_000;

    private boolean third() {
        return architecture.equals("gemma3");
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        Common.decoder(config, keys);
        int headLength = config.has("head_dim") ? config.size("head_dim") : 256;
        keys.own("attention.key_length", headLength);
        keys.own("attention.value_length", headLength);
        Common.require(config, "hidden_activation", "gelu_pytorch_tanh");
        // The older key is wrong in some files, and the library overrides it.
        config.get("hidden_act");
        keys.own("attention.sliding_window", config.size("sliding_window"));
        checkScale(config, headLength);
        checkWindows(config);
        if (third()) {
            for (String key : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
                if (config.has(key)) {
                    throw config.wrong(key, config.get(key), "none in Gemma 3");
                }
            }
            Common.require(config, "use_bidirectional_attention", false);
            describeRopes(config, keys);
        } else {
            keys.own("attn_logit_softcapping", (float) config.number("attn_logit_softcapping", 50));
            keys.own(
                    "final_logit_softcapping",
                    (float) config.number("final_logit_softcapping", 30));
            RopeKeys.describe(config, keys);
        }
    }

    /** Since version 5 of the transformers library each kind of layer has its own parameters. */
    private static void describeRopes(JsonObject config, Keys keys) {
        JsonObject both =
                config.optionalObject("rope_parameters")
                        .filter(p -> p.has("full_attention"))
                        .orElse(null);
        if (both == null) {
            RopeKeys.describe(config, keys);
            if (!config.has("rope_theta")) {
                keys.own("rope.freq_base", 1_000_000f);
            }
            keys.own(
                    "rope.freq_base_swa",
                    (float) config.number("rope_local_base_freq", GEMMA3_LOCAL_BASE));
            return;
        }
        JsonObject full = both.object("full_attention");
        keys.own("rope.freq_base", (float) full.number("rope_theta", 1_000_000));
        String type = full.string("rope_type", "default");
        if (type.equals("linear")) {
            keys.own("rope.scaling.type", "linear");
            keys.own("rope.scaling.factor", (float) full.number("factor"));
        } else if (!type.equals("default")) {
            throw full.wrong("rope_type", type, "default or linear");
        }
        JsonObject local = both.object("sliding_attention");
        Common.require(local, "rope_type", "default");
        keys.own("rope.freq_base_swa", (float) local.number("rope_theta", GEMMA3_LOCAL_BASE));
    }

    /** The engine divides by the root of the head length, but for the models of 27B. */
    private void checkScale(JsonObject config, int headLength) {
        int largeLayers = third() ? 62 : 46;
        boolean large = config.size("num_hidden_layers") == largeLayers;
        int divisor =
                large
                        ? config.size("hidden_size") / config.size("num_attention_heads")
                        : headLength;
        double found = config.number("query_pre_attn_scalar", divisor);
        if (found != divisor) {
            throw config.wrong("query_pre_attn_scalar", found, String.valueOf(divisor));
        }
    }

    private void checkWindows(JsonObject config) {
        int pattern = third() ? GEMMA3_PATTERN : GEMMA2_PATTERN;
        Common.require(config, "sliding_window_pattern", (long) pattern);
        Common.require(config, "_sliding_window_pattern", (long) pattern);
        List<?> kinds = config.list("layer_types");
        for (int i = 0; i < kinds.size(); i++) {
            String expected = i % pattern < pattern - 1 ? "sliding_attention" : "full_attention";
            if (!expected.equals(kinds.get(i))) {
                throw config.wrong("layer_types", kinds.get(i), expected + " in layer " + i);
            }
        }
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        Common.decoder(keys, config);
        config.put("hidden_activation", "gelu_pytorch_tanh");
        config.put("sliding_window", keys.integer("attention.sliding_window"));
        int heads = keys.integer("attention.head_count");
        boolean large = keys.integer("block_count") == (third() ? 62 : 46);
        config.put(
                "query_pre_attn_scalar",
                large
                        ? keys.integer("embedding_length") / heads
                        : keys.integer("attention.key_length"));
        RopeKeys.describe(keys, config);
        if (third()) {
            config.put(
                    "rope_local_base_freq", keys.number("rope.freq_base_swa", GEMMA3_LOCAL_BASE));
            config.put("sliding_window_pattern", GEMMA3_PATTERN);
        } else {
            config.put("attn_logit_softcapping", keys.number("attn_logit_softcapping", 50));
            config.put("final_logit_softcapping", keys.number("final_logit_softcapping", 30));
        }
    }

    @Override
    public Rules rules(JsonObject config) {
        Transform one = Transform.PLUS_ONE;
        String layer = "model.layers.{i}.";
        return Common.decoder(one, Transform.SAME, Transform.SAME)
                .add(
                        layer + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight",
                        one)
                .add(layer + "pre_feedforward_layernorm.weight", "blk.{i}.ffn_norm.weight", one)
                .add(
                        layer + "post_feedforward_layernorm.weight",
                        "blk.{i}.post_ffw_norm.weight",
                        one)
                .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight", one)
                .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight", one);
    }
}
