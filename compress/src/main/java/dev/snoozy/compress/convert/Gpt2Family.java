package dev.snoozy.compress.convert;

import java.util.Map;

/** GPT-2, whose checkpoint has its matrices the other way round. */
record Gpt2Family() implements Family {
    @Override
    public String architecture() {
        return "gpt2";
    }

    @Override
    public String checkpointClass() {
        return "GPT2LMHeadModel";
    }

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        int embedding = config.size("n_embd");
        keys.own("context_length", config.has("n_positions") ? config.size("n_positions") : 1024);
        config.get("n_ctx");
        keys.own("embedding_length", embedding);
        keys.own("block_count", config.size("n_layer"));
        keys.own(
                "feed_forward_length",
                config.has("n_inner") ? config.size("n_inner") : 4 * embedding);
        keys.own("attention.head_count", config.size("n_head"));
        keys.own("attention.layer_norm_epsilon", (float) config.number("layer_norm_epsilon", 1e-5));
        Common.require(config, "activation_function", "gelu_new", "gelu_pytorch_tanh");
        Common.require(config, "scale_attn_weights", true);
        Common.require(config, "scale_attn_by_inverse_layer_idx", false);
        Common.require(config, "add_cross_attention", false);
        config.get("reorder_and_upcast_attn");
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        config.put("n_embd", keys.integer("embedding_length"));
        config.put("n_layer", keys.integer("block_count"));
        config.put("n_head", keys.integer("attention.head_count"));
        config.put("n_inner", keys.integer("feed_forward_length"));
        config.put("n_positions", keys.integer("context_length"));
        config.put("layer_norm_epsilon", keys.number("attention.layer_norm_epsilon", 1e-5));
        config.put("activation_function", "gelu_new");
        config.put("vocab_size", keys.vocabulary());
        config.put("tie_word_embeddings", !keys.hasTensor("output.weight"));
    }

    @Override
    public Rules rules(JsonObject config) {
        Transform turned = Transform.TRANSPOSED;
        return new Rules()
                .add("wte.weight", "token_embd.weight")
                .add("wpe.weight", "position_embd.weight")
                .add("lm_head.weight", "output.weight")
                .linear("ln_f", "output_norm")
                .linear("h.{i}.ln_1", "blk.{i}.attn_norm")
                .linear("h.{i}.attn.c_attn", "blk.{i}.attn_qkv", turned)
                .linear("h.{i}.attn.c_proj", "blk.{i}.attn_output", turned)
                .linear("h.{i}.ln_2", "blk.{i}.ffn_norm")
                .linear("h.{i}.mlp.c_fc", "blk.{i}.ffn_up", turned)
                .linear("h.{i}.mlp.c_proj", "blk.{i}.ffn_down", turned)
                .drop("h.{i}.attn.bias")
                .drop("h.{i}.attn.masked_bias");
    }
}
