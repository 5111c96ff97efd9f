package dev.snoozy.compress.convert;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the descriptions of most decoders share. */
final class Common {
    private Common() {}

    /** Sizes, heads and the norm's epsilon, in Llama's words. */
    static void decoder(JsonObject config, Keys keys) {
        int heads = config.size("num_attention_heads");
        keys.own("context_length", config.size("max_position_embeddings"));
        keys.own("embedding_length", config.size("hidden_size"));
        keys.own("block_count", config.size("num_hidden_layers"));
        keys.own("feed_forward_length", config.size("intermediate_size"));
        keys.own("attention.head_count", heads);
        keys.own("attention.head_count_kv", kvHeads(config));
        keys.own("attention.layer_norm_rms_epsilon", (float) config.number("rms_norm_eps"));
        keys.own("vocab_size", config.size("vocab_size"));
        if (config.has("head_dim")) {
            keys.own("attention.key_length", config.size("head_dim"));
            keys.own("attention.value_length", config.size("head_dim"));
        }
    }

    static int kvHeads(JsonObject config) {
        return config.has("num_key_value_heads")
                ? config.size("num_key_value_heads")
                : config.size("num_attention_heads");
    }

    static int headLength(JsonObject config) {
        return config.has("head_dim")
                ? config.size("head_dim")
                : config.size("hidden_size") / config.size("num_attention_heads");
    }

    /** The same of a GGUF file. */
    static void decoder(GgufKeys keys, Map<String, Object> config) {
        config.put("hidden_size", keys.integer("embedding_length"));
        config.put("intermediate_size", keys.integer("feed_forward_length"));
        config.put("num_hidden_layers", keys.integer("block_count"));
        int heads = keys.integer("attention.head_count");
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", keys.integer("attention.head_count_kv", heads));
        if (keys.has("attention.key_length")) {
            config.put("head_dim", keys.integer("attention.key_length"));
        }
        config.put("max_position_embeddings", keys.integer("context_length"));
        config.put("rms_norm_eps", keys.number("attention.layer_norm_rms_epsilon", 1e-5));
        config.put("vocab_size", keys.vocabulary());
        config.put("tie_word_embeddings", !keys.hasTensor("output.weight"));
    }

    /** The tensors of a decoder with separate queries, keys and values. */
    static Rules decoder(Transform norm, Transform q, Transform k) {
        String layer = "model.layers.{i}.";
        return ends(norm)
                .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight", norm)
                .linear(layer + "self_attn.q_proj", "blk.{i}.attn_q", q)
                .linear(layer + "self_attn.k_proj", "blk.{i}.attn_k", k)
                .linear(layer + "self_attn.v_proj", "blk.{i}.attn_v")
                .linear(layer + "self_attn.o_proj", "blk.{i}.attn_output")
                .linear(layer + "mlp.gate_proj", "blk.{i}.ffn_gate")
                .linear(layer + "mlp.up_proj", "blk.{i}.ffn_up")
                .linear(layer + "mlp.down_proj", "blk.{i}.ffn_down");
    }

    /** The tensors outside the layers. */
    static Rules ends(Transform norm) {
        return new Rules()
                .add("model.embed_tokens.weight", "token_embd.weight")
                .add("model.norm.weight", "output_norm.weight", norm)
                .add("lm_head.weight", "output.weight")
                .drop("model.layers.{i}.self_attn.rotary_emb.inv_freq");
    }

    /** Refuses a value that the engine does not compute with. */
    static void require(JsonObject config, String key, Object... allowed) {
        Object found = config.get(key);
        for (Object value : allowed) {
            if (found == null || found.equals(value)) {
                return;
            }
        }
        throw config.wrong(key, found, Arrays.toString(allowed));
    }

    /** A map in the order in which it is filled. */
    static Map<String, Object> members() {
        return new LinkedHashMap<>();
    }
}
