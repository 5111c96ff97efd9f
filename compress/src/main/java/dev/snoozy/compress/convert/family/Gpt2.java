package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.List;
import java.util.Map;

/** GPT-2, whose checkpoint has its matrices the other way round, and its like. */
final class Gpt2 {
    static List<Family> families() {
        return List.of(gpt2(), starcoder());
    }

    private static Family gpt2() {
        return new Family("gpt2", "gpt2", "GPT2LMHeadModel", "GPT2Model")
                .settings(
                        size("n_embd", "embedding_length"),
                        size("n_layer", "block_count"),
                        size("n_head", "attention.head_count"),
                        feedForward("n_inner", "n_embd"),
                        size("n_positions", "context_length", 1024),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        only("activation_function", "gelu_new", "gelu_pytorch_tanh"),
                        only("scale_attn_weights", true),
                        only("scale_attn_by_inverse_layer_idx", false),
                        only("add_cross_attention", false),
                        ignored("n_ctx", "reorder_and_upcast_attn"),
                        Settings.tokens())
                .tensors(config -> blocks("", Transform.TRANSPOSED, Transform.TRANSPOSED))
                .tied();
    }

    private Gpt2() {}

    /** The width of the feed-forward network, four times the embedding where it is not said. */
    static Setting feedForward(String name, String embedding) {
        return Setting.of(
                (config, keys) -> {
                    int width = config.has(name) ? config.size(name) : 4 * config.size(embedding);
                    keys.own("feed_forward_length", width);
                },
                (keys, config) -> config.put(name, keys.integer("feed_forward_length")));
    }

    /** StarCoder and SantaCoder: GPT-2 with one head of keys for all queries. */
    private static Family starcoder() {
        return new Family("starcoder", "gpt_bigcode", "GPTBigCodeForCausalLM")
                .settings(
                        size("n_embd", "embedding_length"),
                        size("n_layer", "block_count"),
                        size("n_head", "attention.head_count"),
                        Setting.of(
                                (config, keys) ->
                                        keys.own("attention.head_count_kv", keyHeads(config)),
                                Gpt2::writeKeyHeads),
                        feedForward("n_inner", "n_embd"),
                        size("n_positions", "context_length", 1024),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        only("activation_function", "gelu_pytorch_tanh", "gelu_new", "gelu"),
                        only("scale_attn_weights", true),
                        only("add_cross_attention", false),
                        only("attention_type", 1L),
                        ignored(
                                "attention_softmax_in_fp32",
                                "inference_runner",
                                "max_batch_size",
                                "max_sequence_length",
                                "num_key_value_heads",
                                "pad_key_length",
                                "pre_allocate_kv_cache",
                                "scale_attention_softmax_in_fp32",
                                "validate_runner_input"),
                        Settings.tokens(),
                        Settings.untold(Common.WINDOW))
                .tensors(config -> {
                    int groups = keyHeads(config);
                    int queries = config.size("n_head") / groups;
                    Transform heads = Transform.of(RowOrder.ungrouped(groups, queries));
                    return blocks("transformer.", heads, Transform.SAME);
                })
                .tied();
    }

    private static int keyHeads(JsonObject config) {
        return config.flag("multi_query", true) ? 1 : config.size("n_head");
    }

    private static void writeKeyHeads(GgufKeys keys, Map<String, Object> config) {
        int heads = keys.integer("attention.head_count");
        int groups = keys.integer("attention.head_count_kv", heads);
        if (groups != 1 && groups != heads) {
            throw keys.wrong(
                    "attention.head_count_kv", "checkpoints of this family have 1 or " + heads);
        }
        config.put("multi_query", groups == 1);
    }

    /** The tensors of a decoder with GPT-2's names. */
    static Rules blocks(String prefix, Transform qkv, Transform matrix) {
        String layer = prefix + "h.{i}.";
        return new Rules()
                .add(prefix + "wte.weight", "token_embd.weight")
                .add(prefix + "wpe.weight", "position_embd.weight")
                .add("lm_head.weight", "output.weight")
                .linear(prefix + "ln_f", "output_norm")
                .linear(layer + "ln_1", "blk.{i}.attn_norm")
                .linear(layer + "attn.c_attn", "blk.{i}.attn_qkv", qkv)
                .linear(layer + "attn.c_proj", "blk.{i}.attn_output", matrix)
                .linear(layer + "ln_2", "blk.{i}.ffn_norm")
                .linear(layer + "mlp.c_fc", "blk.{i}.ffn_up", matrix)
                .linear(layer + "mlp.c_proj", "blk.{i}.ffn_down", matrix)
                .drop(layer + "attn.bias")
                .drop(layer + "attn.masked_bias");
    }
}
