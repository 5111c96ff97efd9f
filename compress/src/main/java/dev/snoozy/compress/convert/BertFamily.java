package dev.snoozy.compress.convert;

import java.util.Map;

/** BERT as an encoder of texts. */
record BertFamily() implements Family {
    private static final int MEAN = 1;

    @Override
    public String architecture() {
        return "bert";
    }

    @Override
    public String checkpointClass() {
        return "BertModel";
    }

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public void describe(JsonObject config, Keys keys) {
        keys.own("context_length", config.size("max_position_embeddings"));
        keys.own("embedding_length", config.size("hidden_size"));
        keys.own("block_count", config.size("num_hidden_layers"));
        keys.own("feed_forward_length", config.size("intermediate_size"));
        keys.own("attention.head_count", config.size("num_attention_heads"));
        keys.own("attention.layer_norm_epsilon", (float) config.number("layer_norm_eps", 1e-12));
        keys.own("attention.causal", false);
        keys.own("pooling_type", MEAN);
        Common.require(config, "hidden_act", "gelu");
        Common.require(config, "position_embedding_type", "absolute");
        Common.require(config, "is_decoder", false);
        config.get("type_vocab_size");
    }

    @Override
    public void describe(GgufKeys keys, Map<String, Object> config) {
        config.put("hidden_size", keys.integer("embedding_length"));
        config.put("num_hidden_layers", keys.integer("block_count"));
        config.put("num_attention_heads", keys.integer("attention.head_count"));
        config.put("intermediate_size", keys.integer("feed_forward_length"));
        config.put("max_position_embeddings", keys.integer("context_length"));
        config.put("layer_norm_eps", keys.number("attention.layer_norm_epsilon", 1e-12));
        config.put("hidden_act", "gelu");
        config.put("vocab_size", keys.vocabulary());
    }

    @Override
    public Rules rules(JsonObject config) {
        String layer = "encoder.layer.{i}.";
        return new Rules()
                .add("embeddings.word_embeddings.weight", "token_embd.weight")
                .add("embeddings.position_embeddings.weight", "position_embd.weight")
                .add("embeddings.token_type_embeddings.weight", "token_types.weight")
                .linear("embeddings.LayerNorm", "token_embd_norm")
                .linear(layer + "attention.self.query", "blk.{i}.attn_q")
                .linear(layer + "attention.self.key", "blk.{i}.attn_k")
                .linear(layer + "attention.self.value", "blk.{i}.attn_v")
                .linear(layer + "attention.output.dense", "blk.{i}.attn_output")
                .linear(layer + "attention.output.LayerNorm", "blk.{i}.attn_output_norm")
                .linear(layer + "intermediate.dense", "blk.{i}.ffn_up")
                .linear(layer + "output.dense", "blk.{i}.ffn_down")
                .linear(layer + "output.LayerNorm", "blk.{i}.layer_output_norm")
                .drop("embeddings.position_ids")
                .drop("pooler.dense.weight")
                .drop("pooler.dense.bias");
    }
}
