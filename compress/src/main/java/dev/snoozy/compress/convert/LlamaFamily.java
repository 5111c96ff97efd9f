package dev.snoozy.compress.convert;

import java.util.Map;

/**
 * Llama, Mistral and Mixtral, which GGUF calls {@code llama}. Its rotary positions turn adjacent
 * pairs, so the rows of queries and keys are reordered.
 */
record LlamaFamily(String checkpointClass, String modelType) implements Family {
    private static final String MIXTURE = "mixtral";

    @Override
    public String architecture() {
        return "llama";
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        Common.decoder(config, keys);
        Common.require(config, "hidden_act", "silu");
        keys.own("rope.dimension_count", Common.headLength(config));
        RopeKeys.describe(config, keys);
        if (config.has("sliding_window")) {
            keys.own("attention.sliding_window", config.size("sliding_window"));
        }
        if (modelType.equals(MIXTURE)) {
            keys.own("expert_count", config.size("num_local_experts"));
            keys.own("expert_used_count", config.size("num_experts_per_tok"));
        }
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        Common.decoder(keys, config);
        config.put("hidden_act", "silu");
        RopeKeys.describe(keys, config);
        if (keys.has("attention.sliding_window")) {
            config.put("sliding_window", keys.integer("attention.sliding_window"));
        }
        if (modelType.equals(MIXTURE)) {
            config.put("num_local_experts", keys.integer("expert_count"));
            config.put("num_experts_per_tok", keys.integer("expert_used_count"));
        }
        config.put("attention_bias", keys.hasTensor("blk.0.attn_q.bias"));
        config.put("mlp_bias", keys.hasTensor("blk.0.ffn_up.bias"));
    }

    @Override
    public Rules rules(JsonObject config) {
        Transform q = Transform.pairs(config.size("num_attention_heads"));
        Transform k = Transform.pairs(Common.kvHeads(config));
        String moe = "model.layers.{i}.block_sparse_moe.";
        return Common.decoder(Transform.SAME, q, k)
                .add("model.layers.{i}.post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(moe + "gate.weight", "blk.{i}.ffn_gate_inp.weight")
                .add(moe + "experts.{e}.w1.weight", "blk.{i}.ffn_gate_exps.weight")
                .add(moe + "experts.{e}.w2.weight", "blk.{i}.ffn_down_exps.weight")
                .add(moe + "experts.{e}.w3.weight", "blk.{i}.ffn_up_exps.weight");
    }

    @Override
    public Map<String, float[]> extraTensors(JsonObject config) {
        return RopeKeys.factors(config);
    }
}
