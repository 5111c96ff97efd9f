package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.constant;
import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

/** BERT as an encoder of texts. */
final class Bert {
    private static final int MEAN = 1;

    static Family family() {
        return new Family("bert", "bert", "BertModel", "BertForMaskedLM")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("intermediate_size", "feed_forward_length"),
                        size("max_position_embeddings", "context_length"),
                        number("layer_norm_eps", "attention.layer_norm_epsilon", 1e-12),
                        constant("attention.causal", false),
                        // The mean of all tokens, unless the folder says otherwise elsewhere.
                        Setting.toGguf((config, keys) -> keys.own("pooling_type", MEAN)),
                        only("hidden_act", "gelu"),
                        only("position_embedding_type", "absolute"),
                        only("is_decoder", false),
                        ignored("type_vocab_size"),
                        Settings.rows())
                .tensors(config -> rules());
    }

    private Bert() {}

    private static Rules rules() {
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
