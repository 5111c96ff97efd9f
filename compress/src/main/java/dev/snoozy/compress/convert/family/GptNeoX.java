package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.flag;
import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** GPT-NeoX and its like: layer norms, rotary positions on the halves of a part of each head. */
final class GptNeoX {
    private static final String LAYER = "model.layers.{i}.";

    private GptNeoX() {}

    static List<Family> families() {
        return List.of(
                gptNeoX(), phi2(), stableLm(), starcoder2(), codeShell(), nemotron(), orion());
    }

    private static Family gptNeoX() {
        return new Family("gptneox", "gpt_neox", "GPTNeoXForCausalLM", "GPTNeoXModel")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size", "feed_forward_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("max_position_embeddings", "context_length"),
                        Settings.vocabulary(),
                        number("layer_norm_eps", "attention.layer_norm_epsilon", 1e-5),
                        flag("use_parallel_residual", "use_parallel_residual", true),
                        // The exact one and its approximations differ by less than their rounding.
                        only("hidden_act", "gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"),
                        RopeKeys.partial(0.25),
                        only("is_decoder", false, true),
                        ignored("rotary_emb_base", "rotary_pct"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(GptNeoX::gptNeoXRules);
    }

    private static Rules gptNeoXRules(JsonObject config) {
        Transform heads = Transform.of(RowOrder.ungrouped(config.size("num_attention_heads"), 1));
        String layer = "gpt_neox.layers.{i}.";
        return new Rules()
                .add("gpt_neox.embed_in.weight", "token_embd.weight")
                .linear("gpt_neox.final_layer_norm", "output_norm")
                .add("embed_out.weight", "output.weight")
                .linear(layer + "input_layernorm", "blk.{i}.attn_norm")
                .linear(layer + "attention.query_key_value", "blk.{i}.attn_qkv", heads)
                .linear(layer + "attention.dense", "blk.{i}.attn_output")
                .linear(layer + "post_attention_layernorm", "blk.{i}.ffn_norm")
                .linear(layer + "mlp.dense_h_to_4h", "blk.{i}.ffn_up")
                .linear(layer + "mlp.dense_4h_to_h", "blk.{i}.ffn_down")
                .drop(layer + "attention.bias")
                .drop(layer + "attention.masked_bias")
                .drop(layer + "attention.rotary_emb.inv_freq");
    }

    /** Phi 1, 1.5 and 2. */
    private static Family phi2() {
        return new Family("phi2", "phi", "PhiForCausalLM")
                .settings(
                        Common.layerNormed("layer_norm_eps"),
                        RopeKeys.partial(0.5),
                        only("hidden_act", "gelu_new", "gelu_pytorch_tanh"),
                        only("qk_layernorm", false),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config ->
                        new Rules()
                                .add("model.embed_tokens.weight", "token_embd.weight")
                                .linear("model.final_layernorm", "output_norm")
                                .linear("lm_head", "output")
                                .linear(LAYER + "input_layernorm", "blk.{i}.attn_norm")
                                .linear(LAYER + "self_attn.q_proj", "blk.{i}.attn_q")
                                .linear(LAYER + "self_attn.k_proj", "blk.{i}.attn_k")
                                .linear(LAYER + "self_attn.v_proj", "blk.{i}.attn_v")
                                .linear(LAYER + "self_attn.dense", "blk.{i}.attn_output")
                                .linear(LAYER + "mlp.fc1", "blk.{i}.ffn_up")
                                .linear(LAYER + "mlp.fc2", "blk.{i}.ffn_down"));
    }

    /** StableLM; the halves of a layer are beside each other where one norm serves both. */
    private static Family stableLm() {
        return new Family("stablelm", "stablelm", "StableLmForCausalLM", "StableLMEpochForCausalLM")
                .settings(
                        Common.layerNormed("layer_norm_eps|norm_eps"),
                        RopeKeys.partial(0.25),
                        only("hidden_act", "silu"),
                        told("use_qkv_bias", "blk.0.attn_q.bias"),
                        told("qk_layernorm", "blk.0.attn_q_norm.weight"),
                        Setting.of(
                                (config, keys) ->
                                        keys.own(
                                                "use_parallel_residual",
                                                config.flag("use_parallel_residual", false)),
                                // As the engine has it: other converters write true for all.
                                (keys, config) ->
                                        config.put(
                                                "use_parallel_residual",
                                                !keys.hasTensor("blk.0.ffn_norm.weight"))),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config -> {
                    Transform same = Transform.SAME;
                    return Common.decoder(same, same, same)
                            .add("model.norm.bias", "output_norm.bias")
                            .add(LAYER + "input_layernorm.bias", "blk.{i}.attn_norm.bias")
                            .linear(LAYER + "post_attention_layernorm", "blk.{i}.ffn_norm")
                            .add(
                                    LAYER + "self_attn.q_layernorm.norms.{e}.weight",
                                    "blk.{i}.attn_q_norm.weight")
                            .add(
                                    LAYER + "self_attn.k_layernorm.norms.{e}.weight",
                                    "blk.{i}.attn_k_norm.weight");
                });
    }

    private static Family starcoder2() {
        return new Family("starcoder2", "starcoder2", "Starcoder2ForCausalLM")
                .settings(
                        Common.layerNormed("norm_epsilon"),
                        RopeKeys.partial(1),
                        only("hidden_act", "gelu_pytorch_tanh"),
                        only("mlp_type", "default"),
                        only("norm_type", "layer_norm"),
                        told("use_bias", "blk.0.attn_q.bias"),
                        optionalSize("sliding_window", Common.WINDOW))
                .rope(10_000)
                .defaults("num_key_value_heads", 2)
                .tensors(config ->
                        normed().linear(LAYER + "mlp.c_fc", "blk.{i}.ffn_up")
                                .linear(LAYER + "mlp.c_proj", "blk.{i}.ffn_down"))
                .tied();
    }

    /** A decoder with layer norms but for its feed-forward network. */
    private static Rules normed() {
        return new Rules()
                .add("model.embed_tokens.weight", "token_embd.weight")
                .linear("model.norm", "output_norm")
                .add("lm_head.weight", "output.weight")
                .linear(LAYER + "input_layernorm", "blk.{i}.attn_norm")
                .linear(LAYER + "post_attention_layernorm", "blk.{i}.ffn_norm")
                .linear(LAYER + "self_attn.q_proj", "blk.{i}.attn_q")
                .linear(LAYER + "self_attn.k_proj", "blk.{i}.attn_k")
                .linear(LAYER + "self_attn.v_proj", "blk.{i}.attn_v")
                .linear(LAYER + "self_attn.o_proj", "blk.{i}.attn_output")
                .drop(LAYER + "self_attn.rotary_emb.inv_freq");
    }

    private static Family codeShell() {
        return new Family("codeshell", "kclgpt", "CodeShellForCausalLM")
                .settings(
                        size("n_embd", "embedding_length"),
                        Gpt2.feedForward("n_inner", "n_embd"),
                        size("n_layer", "block_count"),
                        size("n_head", "attention.head_count"),
                        size("num_query_groups", "attention.head_count_kv"),
                        size("n_positions", "context_length"),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-5),
                        only("activation_function", "gelu_pytorch_tanh"),
                        only("group_query_attention", true),
                        only("scale_attn_weights", true),
                        ignored("attention_softmax_in_fp32", "scale_attention_softmax_in_fp32"),
                        only("position_embedding_type", "rope"),
                        Settings.tokens(),
                        RopeKeys.fixed(),
                        untold(Common.WINDOW))
                .tensors(config ->
                        Gpt2.blocks("transformer.", Transform.SAME, Transform.SAME)
                                .drop("transformer.h.{i}.attn.rotary_emb.inv_freq"))
                .tied();
    }

    /** Nemotron 3 and 4; norms multiply by one plus their weights. */
    private static Family nemotron() {
        return new Family("nemotron", "nemotron", "NemotronForCausalLM")
                .settings(
                        Common.layerNormed("norm_eps"),
                        RopeKeys.partial(0.5),
                        only("hidden_act", "relu2"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        told("mlp_bias", "blk.0.ffn_up.bias"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config -> {
                    Transform one = Transform.PLUS_ONE;
                    Transform same = Transform.SAME;
                    return Common.decoder(one, same, same)
                            .add("model.norm.bias", "output_norm.bias")
                            .add(LAYER + "input_layernorm.bias", "blk.{i}.attn_norm.bias")
                            .add(
                                    LAYER + "post_attention_layernorm.weight",
                                    "blk.{i}.ffn_norm.weight",
                                    one)
                            .add(LAYER + "post_attention_layernorm.bias", "blk.{i}.ffn_norm.bias");
                });
    }

    /** Orion, whose config.json calls the epsilon of its layer norms that of RMS norms. */
    private static Family orion() {
        return new Family("orion", "orion", "OrionForCausalLM")
                .settings(
                        Common.layerNormed("rms_norm_eps"),
                        RopeKeys.partial(1),
                        only("hidden_act", "silu"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(config ->
                        normed().linear(LAYER + "mlp.gate_proj", "blk.{i}.ffn_gate")
                                .linear(LAYER + "mlp.up_proj", "blk.{i}.ffn_up")
                                .linear(LAYER + "mlp.down_proj", "blk.{i}.ffn_down"));
    }
}
