package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalNumber;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** Decoders of the shape of Llama whose positions turn adjacent pairs in GGUF. */
final class LlamaLike {
    private static final String SECOND_NORM = "model.layers.{i}.post_attention_layernorm.weight";

    private LlamaLike() {}

    static List<Family> families() {
        return List.of(
                arcee(),
                granite(),
                smollm3(),
                mistral3("ministral3", "Ministral3ForCausalLM"),
                mistral3("mistral3", "Mistral3ForConditionalGeneration").where(keys -> false),
                ernie(),
                minicpm(),
                baichuan(),
                xverse(),
                internlm2(),
                internlm3());
    }

    /** The tensors of Llama, whose queries and keys are reordered. */
    private static Rules rules(JsonObject config) {
        return Common.decoder(
                        Transform.SAME, Common.pairedQueries(config), Common.pairedKeys(config))
                .add(SECOND_NORM, "blk.{i}.ffn_norm.weight");
    }

    /** What Llama's classes say of biases. */
    private static Setting biases() {
        return Settings.all(
                told("attention_bias", "blk.0.attn_q.bias"), told("mlp_bias", "blk.0.ffn_up.bias"));
    }

    private static Family arcee() {
        return new Family("arcee", "arcee", "ArceeForCausalLM")
                .settings(
                        Common.decoder(1e-5),
                        Common.turnedColumns(),
                        only("hidden_act", "relu2"),
                        biases(),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(LlamaLike::rules);
    }

    private static Family granite() {
        return new Family("granite", "granite", "GraniteForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        biases(),
                        number("embedding_multiplier", "embedding_scale", 1, 1),
                        number("residual_multiplier", "residual_scale", 1, 1),
                        number("logits_scaling", "logit_scale", 1, 1),
                        attentionScale(),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(LlamaLike::rules);
    }

    /** What scores are multiplied with; GGUF says nothing where it is the usual. */
    private static Setting attentionScale() {
        String key = "attention.scale";
        return Setting.of(
                number("attention_multiplier", key, 1)::read,
                (keys, config) -> {
                    double found = keys.number(key, 0);
                    double usual = (float) (1 / Math.sqrt(keys.headLength()));
                    config.put("attention_multiplier", found == 0 ? usual : found);
                });
    }

    private static Family smollm3() {
        return new Family("smollm3", "smollm3", "SmolLM3ForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        biases(),
                        unturned(),
                        Qwen.noWindow())
                .rope(2_000_000)
                .defaults("num_key_value_heads", 4)
                .tensors(LlamaLike::rules)
                .tied();
    }

    /** Every fourth layer turns nothing; the list has 0 for it. */
    private static Setting unturned() {
        return Setting.toGguf((config, keys) -> {
            config.require("no_rope_layer_interval", 4L);
            List<?> turned = config.list("no_rope_layers");
            for (int i = 0; i < turned.size(); i++) {
                Long expected = i % 4 == 3 ? 0L : 1L;
                if (!expected.equals(turned.get(i))) {
                    throw config.wrong(
                            "no_rope_layers", turned.get(i), expected + " in layer " + i);
                }
            }
        });
    }

    /** Ministral 3, and the text part of the models that see. */
    private static Family mistral3(String modelType, String checkpointClass) {
        return new Family("mistral3", modelType, checkpointClass)
                .settings(
                        Common.decoder(1e-5, 128),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        temperature(),
                        optionalSize("sliding_window", Common.WINDOW),
                        ignored(
                                "vision_config",
                                "image_token_index",
                                "image_token_id",
                                "projector_hidden_act",
                                "vision_feature_layer",
                                "multimodal_projector_bias",
                                "spatial_merge_size"))
                .rope(10_000)
                .defaults("num_key_value_heads", 8)
                .tensors(config ->
                        rules(config)
                                .leaveOut(
                                        "vision_tower.",
                                        "multi_modal_projector.",
                                        "model.vision_tower.",
                                        "model.multi_modal_projector."));
    }

    /** Queries grow with the logarithm of their position. */
    private static Setting temperature() {
        Setting own = optionalNumber("llama_4_scaling_beta", "attention.temperature_scale");
        return Setting.of(
                (config, keys) -> {
                    // A class whose defaults are those of one model: they are not guessed.
                    boolean third = "ministral3".equals(config.get("model_type"));
                    if (third && !config.has("rope_parameters") && !config.has("rope_theta")) {
                        throw config.wrong("rope_parameters", null, "a JSON object");
                    }
                    JsonObject rope = RopeKeys.scaling(config);
                    rope.get("max_position_embeddings");
                    own.read(rope, keys);
                },
                (keys, config) -> {
                    if (keys.has("attention.temperature_scale")) {
                        RopeKeys.addTo(
                                config,
                                "llama_4_scaling_beta",
                                keys.number("attention.temperature_scale"));
                    }
                });
    }

    /** ERNIE turns adjacent pairs in the checkpoint, too. */
    private static Family ernie() {
        return new Family("ernie4_5", "ernie4_5", "Ernie4_5ForCausalLM", "Ernie4_5_ForCausalLM")
                .settings(
                        Common.decoder(1e-5, 128),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("use_bias", "blk.0.attn_q.bias"),
                        untold(Common.WINDOW))
                .rope(500_000)
                .defaults("num_key_value_heads", 2)
                .tensors(config ->
                        Common.decoder(Transform.SAME, Transform.SAME, Transform.SAME)
                                .add(SECOND_NORM, "blk.{i}.ffn_norm.weight"))
                .tied();
    }

    private static Family minicpm() {
        return new Family("minicpm", "minicpm", "MiniCPMForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        multipliers(),
                        untold(Common.WINDOW))
                .rope(10_000)
                .defaults("scale_emb", 1.0, "scale_depth", 1.0, "dim_model_base", 1.0)
                .tensors(LlamaLike::rules)
                .tied();
    }

    /** Factors by width and depth; a file without them has those of the first model. */
    private static Setting multipliers() {
        return Setting.of(
                (config, keys) -> {
                    double depth = Math.sqrt(config.size("num_hidden_layers"));
                    double width = config.size("hidden_size");
                    keys.own("embedding_scale", (float) config.number("scale_emb"));
                    keys.own("residual_scale", (float) (config.number("scale_depth") / depth));
                    keys.own("logit_scale", (float) (width / config.number("dim_model_base")));
                },
                (keys, config) -> {
                    double depth = Math.sqrt(keys.integer("block_count"));
                    double width = keys.integer("embedding_length");
                    config.put("scale_emb", keys.number("embedding_scale", 12));
                    config.put("scale_depth", keys.number("residual_scale", 1.4 / depth) * depth);
                    config.put("dim_model_base", width / keys.number("logit_scale", width / 256));
                });
    }

    /** Baichuan, 7B and 13B; the larger one has no positions but ALiBi, by its 40 layers. */
    private static Family baichuan() {
        return new Family("baichuan", "baichuan", "BaichuanForCausalLM", "BaiChuanForCausalLM")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size", "feed_forward_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.allHeads(),
                        size("max_position_embeddings|model_max_length", "context_length"),
                        ignored("model_max_length"),
                        Settings.vocabulary(),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        RopeKeys.fixed(),
                        untold(Common.WINDOW))
                .tensors(LlamaLike::packed);
    }

    /** Queries, keys and values in one matrix, one after the other. */
    private static Rules packed(JsonObject config) {
        int length = Common.headLength(config);
        long q = (long) config.size("num_attention_heads") * length;
        long k = (long) Common.kvHeads(config) * length;
        RowOrder queries = RowOrder.pairs(config.size("num_attention_heads"));
        RowOrder keys = RowOrder.pairs(Common.kvHeads(config));
        String pack = "model.layers.{i}.self_attn.W_pack";
        return Common.ends(Transform.SAME)
                .add("model.layers.{i}.input_layernorm.weight", "blk.{i}.attn_norm.weight")
                .add(SECOND_NORM, "blk.{i}.ffn_norm.weight")
                .linear(pack, "blk.{i}.attn_q", Transform.of(RowOrder.part(0, q, queries)))
                .linear(pack, "blk.{i}.attn_k", Transform.of(RowOrder.part(q, k, keys)))
                .linear(pack, "blk.{i}.attn_v", Transform.of(RowOrder.part(q + k, k, RowOrder.ALL)))
                .linear("model.layers.{i}.self_attn.o_proj", "blk.{i}.attn_output")
                .linear("model.layers.{i}.mlp.gate_proj", "blk.{i}.ffn_gate")
                .linear("model.layers.{i}.mlp.up_proj", "blk.{i}.ffn_up")
                .linear("model.layers.{i}.mlp.down_proj", "blk.{i}.ffn_down");
    }

    private static Family xverse() {
        return new Family("xverse", "xverse", "XverseForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        untold(Common.WINDOW))
                .rope(10_000)
                .tensors(LlamaLike::rules);
    }

    private static Family internlm2() {
        return new Family("internlm2", "internlm2", "InternLM2ForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("bias", "blk.0.attn_q.bias"),
                        untold(Common.WINDOW))
                .settings(RopeKeys.withinContext(10_000))
                .tensors(LlamaLike::internlm2Rules);
    }

    /** For each head of keys its queries, the key and the value, in one matrix. */
    private static Rules internlm2Rules(JsonObject config) {
        int heads = config.size("num_attention_heads");
        int groups = Common.kvHeads(config);
        int queries = heads / groups;
        RowOrder q = RowOrder.grouped(groups, queries, RowOrder.Part.QUERIES);
        RowOrder k = RowOrder.grouped(groups, queries, RowOrder.Part.KEYS);
        RowOrder v = RowOrder.grouped(groups, queries, RowOrder.Part.VALUES);
        String layer = "model.layers.{i}.";
        String wqkv = layer + "attention.wqkv";
        return new Rules()
                .add("model.tok_embeddings.weight", "token_embd.weight")
                .add("model.norm.weight", "output_norm.weight")
                .add("output.weight", "output.weight")
                .add(layer + "attention_norm.weight", "blk.{i}.attn_norm.weight")
                .add(layer + "ffn_norm.weight", "blk.{i}.ffn_norm.weight")
                .linear(wqkv, "blk.{i}.attn_q", Transform.of(q.then(RowOrder.pairs(heads))))
                .linear(wqkv, "blk.{i}.attn_k", Transform.of(k.then(RowOrder.pairs(groups))))
                .linear(wqkv, "blk.{i}.attn_v", Transform.of(v))
                .linear(layer + "attention.wo", "blk.{i}.attn_output")
                .linear(layer + "feed_forward.w1", "blk.{i}.ffn_gate")
                .linear(layer + "feed_forward.w3", "blk.{i}.ffn_up")
                .linear(layer + "feed_forward.w2", "blk.{i}.ffn_down");
    }

    /** InternLM 3, a Llama by another name. */
    private static Family internlm3() {
        return new Family("llama", "internlm3", "InternLM3ForCausalLM")
                .settings(
                        Common.decoder(1e-6),
                        Common.turnedColumns(),
                        only("hidden_act", "silu"),
                        told("bias", "blk.0.attn_output.bias"),
                        told("qkv_bias", "blk.0.attn_q.bias"),
                        RopeKeys.withinContext(10_000))
                .tensors(LlamaLike::rules)
                .where(keys -> false);
    }
}
