package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.Map;

/**
 * Falcon, 7B with one head of keys and one norm in a layer, and the larger ones ("new decoder
 * architecture") with several and two. For each head of keys the checkpoint has its queries, the
 * key and the value, in one matrix.
 */
final class Falcon {
    private static final String HEADS = "num_attention_heads|n_head";
    private static final String TWO_NORMS = "blk.0.attn_norm_2.weight";

    private Falcon() {}

    static Family family() {
        return new Family("falcon", "falcon", "FalconForCausalLM", "RWForCausalLM")
                .settings(
                        size("hidden_size|n_embed", "embedding_length"),
                        Gpt2.feedForward("ffn_hidden_size", "hidden_size"),
                        size("num_hidden_layers|n_layer", "block_count"),
                        size(HEADS, "attention.head_count"),
                        Setting.of(Falcon::readHeads, Falcon::writeHeads),
                        size("max_position_embeddings", "context_length", 2048),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        only("alibi", false),
                        only("parallel_attn", true),
                        only("activation", "gelu", "gelu_pytorch_tanh"),
                        ignored("bias"),
                        Settings.tokens(),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(Falcon::rules)
                .tied();
    }

    private static int keyHeads(JsonObject config) {
        int heads = config.size(config.named(HEADS));
        String named = config.named("num_kv_heads|n_head_kv");
        if (config.flag("new_decoder_architecture", false)) {
            return config.integer(named, heads);
        }
        config.get(named);
        return config.flag("multi_query", true) ? 1 : heads;
    }

    private static void readHeads(JsonObject config, Keys keys) {
        keys.own("attention.head_count_kv", keyHeads(config));
        config.get("multi_query");
        boolean larger = config.flag("new_decoder_architecture", false);
        long norms = config.integer("num_ln_in_parallel_attn", larger ? 2 : 1);
        if (norms != (larger ? 2 : 1)) {
            throw config.wrong("num_ln_in_parallel_attn", norms, larger ? "2" : "1");
        }
    }

    private static void writeHeads(GgufKeys keys, Map<String, Object> config) {
        int heads = keys.integer("attention.head_count");
        int groups = keys.integer("attention.head_count_kv", 1);
        boolean larger = keys.hasTensor(TWO_NORMS);
        if (!larger && groups != 1 && groups != heads) {
            throw keys.wrong(
                    "attention.head_count_kv",
                    "checkpoints with one norm in a layer have 1 or " + heads);
        }
        config.put("new_decoder_architecture", larger);
        config.put("multi_query", groups == 1);
        config.put("num_kv_heads", groups);
        config.put("parallel_attn", true);
        config.put("bias", keys.hasTensor("blk.0.attn_qkv.bias"));
    }

    private static Rules rules(JsonObject config) {
        int groups = keyHeads(config);
        int queries = config.size(config.named(HEADS)) / groups;
        Transform heads = Transform.of(RowOrder.ungrouped(groups, queries));
        String layer = "transformer.h.{i}.";
        return new Rules()
                .add("transformer.word_embeddings.weight", "token_embd.weight")
                .linear("transformer.ln_f", "output_norm")
                .add("lm_head.weight", "output.weight")
                .linear(norm(config, layer), "blk.{i}.attn_norm")
                .linear(layer + "ln_attn", "blk.{i}.attn_norm_2")
                .linear(layer + "self_attention.query_key_value", "blk.{i}.attn_qkv", heads)
                .linear(layer + "self_attention.dense", "blk.{i}.attn_output")
                .linear(layer + "mlp.dense_h_to_4h", "blk.{i}.ffn_up")
                .linear(layer + "mlp.dense_4h_to_h", "blk.{i}.ffn_down");
    }

    /** That of the feed-forward network, where attention has its own. */
    private static String norm(JsonObject config, String layer) {
        boolean larger = config.flag("new_decoder_architecture", false);
        return layer + (larger ? "ln_mlp" : "input_layernorm");
    }
}
