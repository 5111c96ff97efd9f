package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.vocabulary;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the descriptions of most decoders share. */
final class Common {
    private Common() {}

    /** Sizes, heads and the epsilon of RMS norms, in Llama's words. */
    static Setting decoder(double epsilon) {
        return decoder(epsilon, 0);
    }

    /** The same with heads of a length that is not the embedding's part. */
    static Setting decoder(double epsilon, int headLength) {
        return all(
                sizes(headLength),
                number("rms_norm_eps", "attention.layer_norm_rms_epsilon", epsilon));
    }

    /** Sizes and heads, in Llama's words. */
    static Setting sizes(int headLength) {
        return all(
                size("hidden_size", "embedding_length"),
                size("intermediate_size", "feed_forward_length"),
                size("num_hidden_layers", "block_count"),
                size("num_attention_heads", "attention.head_count"),
                keyHeads(),
                headLengths(headLength),
                size("max_position_embeddings", "context_length"),
                vocabulary());
    }

    /** Heads of keys and values, as many as those of queries where config.json does not say. */
    static Setting keyHeads() {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own("attention.head_count_kv", kvHeads(config));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                int heads = keys.integer("attention.head_count");
                config.put("num_key_value_heads", keys.integer("attention.head_count_kv", heads));
            }
        };
    }

    /**
     * The length of a head.
     *
     * @param otherwise where config.json does not say; 0 for the embedding's part of it, of which
     *     GGUF then says nothing
     */
    static Setting headLengths(int otherwise) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                int length = config.has("head_dim") ? config.size("head_dim") : otherwise;
                if (length != 0) {
                    keys.own("attention.key_length", length);
                    keys.own("attention.value_length", length);
                }
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                int length = keys.headLength();
                int value = keys.integer("attention.value_length", length);
                if (value != length) {
                    throw keys.wrong(
                            "attention.value_length",
                            "checkpoints of this family have values as long as keys, " + length);
                }
                if (otherwise != 0 || keys.has("attention.key_length")) {
                    config.put("head_dim", length);
                }
            }
        };
    }

    /** How many columns of a head turn: all. */
    static Setting turnedColumns() {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own("rope.dimension_count", headLength(config));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                int length = keys.headLength();
                if (keys.integer("rope.dimension_count", length) != length) {
                    throw keys.wrong(
                            "rope.dimension_count",
                            "checkpoints of this family turn whole heads, " + length);
                }
            }
        };
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

    /** A map in the order in which it is filled. */
    static Map<String, Object> members() {
        return new LinkedHashMap<>();
    }
}
