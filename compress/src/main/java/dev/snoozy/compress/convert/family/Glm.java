package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** GLM-4 by its three classes: one matrix for gate and up, half of each head turns. */
final class Glm {
    private static final int BASE = 10_000;
    private static final String LAYER = "model.layers.{i}.";
    private static final String FUSED = "blk.0.attn_qkv.weight";

    private Glm() {}

    static List<Family> families() {
        return List.of(
                glm("chatglm", "glm", "GlmForCausalLM")
                        .tensors(config ->
                                rules().add(
                                                LAYER + "post_attention_layernorm.weight",
                                                "blk.{i}.ffn_norm.weight"))
                        .where(keys -> !keys.hasTensor(FUSED)),
                chatGlm(),
                glm("glm4", "glm4", "Glm4ForCausalLM").tensors(config -> glm4Rules()));
    }

    private static Family glm(String architecture, String modelType, String checkpointClass) {
        return new Family(architecture, modelType, checkpointClass)
                .settings(
                        Common.decoder(1.5625e-7, 128),
                        RopeKeys.partial(0.5),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        untold(Common.WINDOW))
                .rope(BASE)
                .defaults("num_key_value_heads", 2);
    }

    private static Rules rules() {
        return Common.ends(Transform.SAME)
                .add(LAYER + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                .linear(LAYER + "self_attn.q_proj", "blk.{i}.attn_q")
                .linear(LAYER + "self_attn.k_proj", "blk.{i}.attn_k")
                .linear(LAYER + "self_attn.v_proj", "blk.{i}.attn_v")
                .linear(LAYER + "self_attn.o_proj", "blk.{i}.attn_output")
                .add(LAYER + "mlp.gate_up_proj.weight", "blk.{i}.ffn_up.weight")
                .add(LAYER + "mlp.down_proj.weight", "blk.{i}.ffn_down.weight");
    }

    /** GLM-4-0414: the norm called after attention is that before the feed-forward network. */
    private static Rules glm4Rules() {
        return rules().add(
                        LAYER + "post_self_attn_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight")
                .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(LAYER + "post_mlp_layernorm.weight", "blk.{i}.post_ffw_norm.weight");
    }

    /** ChatGLM 3 and GLM-4 as first published, with code of their own. */
    private static Family chatGlm() {
        return new Family("chatglm", "chatglm", "ChatGLMModel", "ChatGLMForConditionalGeneration")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("ffn_hidden_size", "feed_forward_length"),
                        size("num_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        chatGlmHeads(),
                        size("seq_length", "context_length"),
                        number("layernorm_epsilon", "attention.layer_norm_rms_epsilon", 1e-5),
                        ignored("padded_vocab_size", "classifier_dropout", "pre_seq_len"),
                        ignored("bias_dropout_fusion", "attention_softmax_in_fp32"),
                        ignored("fp32_residual_connection", "apply_query_key_layer_scaling"),
                        only("add_bias_linear", false),
                        only("apply_residual_connection_post_layernorm", false),
                        only("post_layer_norm", true),
                        only("rmsnorm", true),
                        only("original_rope", true),
                        told("add_qkv_bias", "blk.0.attn_qkv.bias"),
                        Setting.of(
                                (config, keys) ->
                                        keys.own(
                                                "rope.freq_base",
                                                (float) (BASE * config.number("rope_ratio", 1))),
                                (keys, config) ->
                                        config.put(
                                                "rope_ratio",
                                                keys.number("rope.freq_base", BASE) / BASE)),
                        untold(Common.WINDOW),
                        Setting.toCheckpoint((keys, config) -> {
                            config.put("padded_vocab_size", keys.vocabulary());
                            config.put("tie_word_embeddings", !keys.hasTensor("output.weight"));
                        }))
                .tensors(config -> chatGlmRules());
    }

    /** Heads, whose columns turn by half. */
    private static Setting chatGlmHeads() {
        return Setting.of(
                (config, keys) -> {
                    int heads = config.size("num_attention_heads");
                    boolean shared = config.flag("multi_query_attention", false);
                    int length = config.integer("kv_channels", 128);
                    keys.own(
                            "attention.head_count_kv",
                            shared ? config.size("multi_query_group_num") : heads);
                    config.get("multi_query_group_num");
                    keys.own("attention.key_length", length);
                    keys.own("attention.value_length", length);
                    keys.own("rope.dimension_count", length / 2);
                },
                (keys, config) -> {
                    int heads = keys.integer("attention.head_count");
                    int length = keys.headLength();
                    if (keys.integer("rope.dimension_count", length) != length / 2) {
                        throw keys.wrong(
                                "rope.dimension_count",
                                "checkpoints of this family turn half a head, " + length / 2);
                    }
                    config.put("multi_query_attention", true);
                    config.put(
                            "multi_query_group_num",
                            keys.integer("attention.head_count_kv", heads));
                    config.put("kv_channels", length);
                });
    }

    private static Rules chatGlmRules() {
        String layer = "transformer.encoder.layers.{i}.";
        return new Rules()
                .add("transformer.embedding.word_embeddings.weight", "token_embd.weight")
                .add("transformer.encoder.final_layernorm.weight", "output_norm.weight")
                .add("transformer.output_layer.weight", "output.weight")
                .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                .linear(layer + "self_attention.query_key_value", "blk.{i}.attn_qkv")
                .linear(layer + "self_attention.dense", "blk.{i}.attn_output")
                .add(layer + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(layer + "mlp.dense_h_to_4h.weight", "blk.{i}.ffn_up.weight")
                .add(layer + "mlp.dense_4h_to_h.weight", "blk.{i}.ffn_down.weight")
                .drop("transformer.rotary_pos_emb.inv_freq");
    }
}
