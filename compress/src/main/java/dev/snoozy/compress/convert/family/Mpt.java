package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.constant;
import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.none;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalNumber;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;
import static dev.snoozy.compress.convert.family.Settings.within;

import java.util.List;

/** MPT and BLOOM, whose scores fall with the distance. */
final class Mpt {
    private static final String ALIBI = "attention.max_alibi_bias";
    private static final float USUAL = 8;

    private Mpt() {}

    static List<Family> families() {
        return List.of(mpt(), bloom());
    }

    private static Family mpt() {
        return new Family("mpt", "mpt", "MptForCausalLM", "MPTForCausalLM")
                .settings(
                        size("d_model", "embedding_length"),
                        size("n_layers", "block_count"),
                        size("n_heads", "attention.head_count"),
                        width(),
                        size("max_seq_len", "context_length"),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        only("no_bias", true),
                        only("norm_type", "low_precision_layernorm", "layernorm"),
                        only("embedding_fraction", 1L, 1.0),
                        none("logit_scale"),
                        told("learned_pos_emb", "position_embd.weight"),
                        within("attn_config", attention()),
                        ignored("init_device", "verbose", "emb_pdrop", "init_config"),
                        Settings.tokens(),
                        untold(Common.WINDOW))
                .tensors(config -> mptRules())
                .tied();
    }

    /** The width of the feed-forward network, by the embedding's. */
    private static Setting width() {
        return Setting.of(
                (config, keys) ->
                        keys.own(
                                "feed_forward_length",
                                config.integer("expansion_ratio", 4) * config.size("d_model")),
                (keys, config) -> {
                    int width = keys.integer("feed_forward_length");
                    int embedding = keys.integer("embedding_length");
                    if (width % embedding != 0) {
                        throw keys.wrong(
                                "feed_forward_length",
                                "checkpoints have a multiple of the embedding, " + embedding);
                    }
                    config.put("expansion_ratio", width / embedding);
                });
    }

    private static Setting attention() {
        Setting bias =
                Setting.of(
                        (config, keys) -> {
                            boolean falls = config.flag("alibi", true);
                            double most = config.number("alibi_bias_max", USUAL);
                            keys.own(ALIBI, falls ? (float) most : 0f);
                        },
                        (keys, config) -> {
                            double most = keys.number(ALIBI, 0);
                            config.put("alibi", most != 0);
                            config.put("alibi_bias_max", (int) (most == 0 ? USUAL : most));
                        });
        return all(
                bias,
                optionalNumber("clip_qkv", "attention.clamp_kqv"),
                only("attn_type", "multihead_attention"),
                only("prefix_lm", false),
                none("softmax_scale"),
                told("qk_ln", "blk.0.attn_q_norm.weight"));
    }

    private static Rules mptRules() {
        String block = "transformer.blocks.{i}.";
        return new Rules()
                .add("transformer.wte.weight", "token_embd.weight")
                .add("transformer.wpe.weight", "position_embd.weight")
                .linear("transformer.norm_f", "output_norm")
                .add("lm_head.weight", "output.weight")
                .linear(block + "norm_1", "blk.{i}.attn_norm")
                .linear(block + "attn.Wqkv", "blk.{i}.attn_qkv")
                .linear(block + "attn.q_ln", "blk.{i}.attn_q_norm")
                .linear(block + "attn.k_ln", "blk.{i}.attn_k_norm")
                .linear(block + "attn.out_proj", "blk.{i}.attn_output")
                .linear(block + "norm_2", "blk.{i}.ffn_norm")
                .linear(block + "ffn.up_proj", "blk.{i}.ffn_up")
                .linear(block + "ffn.down_proj", "blk.{i}.ffn_down");
    }

    /** BLOOM, which has for each head its query, key and value, in one matrix. */
    private static Family bloom() {
        return new Family("bloom", "bloom", "BloomForCausalLM", "BloomModel")
                .settings(
                        size("hidden_size|n_embed", "embedding_length"),
                        size("n_layer|num_hidden_layers", "block_count"),
                        size("n_head|num_attention_heads", "attention.head_count"),
                        Setting.of(
                                (config, keys) -> {
                                    int n = config.size(config.named("hidden_size|n_embed"));
                                    keys.own("feed_forward_length", 4 * n);
                                },
                                (keys, config) -> {
                                    int n = keys.integer("embedding_length");
                                    if (keys.integer("feed_forward_length") != 4 * n) {
                                        throw keys.wrong(
                                                "feed_forward_length",
                                                "checkpoints of this family have " + 4 * n);
                                    }
                                }),
                        size("seq_length", "context_length", 2048),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        constant(ALIBI, USUAL),
                        only("apply_residual_connection_post_layernorm", false),
                        ignored(
                                "attention_softmax_in_fp32",
                                "bias_dropout_fusion",
                                "masked_softmax_fusion",
                                "offset_alibi",
                                "skip_bias_add",
                                "skip_bias_add_qkv",
                                "slow_but_exact",
                                "unk_token_id"),
                        Settings.tokens(),
                        untold(Common.WINDOW))
                .tensors(Mpt::bloomRules)
                .tied();
    }

    private static Rules bloomRules(JsonObject config) {
        int heads = config.size(config.named("n_head|num_attention_heads"));
        Transform order = Transform.of(RowOrder.ungrouped(heads, 1));
        String layer = "transformer.h.{i}.";
        return new Rules()
                .add("transformer.word_embeddings.weight", "token_embd.weight")
                .linear("transformer.word_embeddings_layernorm", "token_embd_norm")
                .linear("transformer.ln_f", "output_norm")
                .add("lm_head.weight", "output.weight")
                .linear(layer + "input_layernorm", "blk.{i}.attn_norm")
                .linear(layer + "self_attention.query_key_value", "blk.{i}.attn_qkv", order)
                .linear(layer + "self_attention.dense", "blk.{i}.attn_output")
                .linear(layer + "post_attention_layernorm", "blk.{i}.ffn_norm")
                .linear(layer + "mlp.dense_h_to_4h", "blk.{i}.ffn_up")
                .linear(layer + "mlp.dense_4h_to_h", "blk.{i}.ffn_down");
    }
}
