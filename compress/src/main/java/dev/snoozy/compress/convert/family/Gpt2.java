package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;


/** GPT-2, whose checkpoint has its matrices the other way round. */
final class Gpt2 {
    static Family family() {
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
                .tensors(config -> rules())
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

    private static Rules rules() {
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
