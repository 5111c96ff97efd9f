package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.constant;
import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.none;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;
import java.util.Map;

/** Gemma, Gemma 2 and the text part of Gemma 3: norms multiply by one plus their weights. */
final class Gemma {
    private static final int SECOND_LARGE = 46;
    private static final int THIRD_LARGE = 62;
    private static final double GLOBAL_BASE = 1_000_000;
    private static final double LOCAL_BASE = 10_000;

    static List<Family> families() {
        return List.of(
                new Family("gemma", "gemma", "GemmaForCausalLM", "GemmaModel")
                        .settings(
                                Common.decoder(1e-6, 256),
                                only("hidden_activation", "gelu_pytorch_tanh"),
                                only("use_bidirectional_attention", false),
                                ignored("hidden_act"),
                                untold(Common.WINDOW))
                        .rope(10_000)
                        .tensors(config -> firstRules())
                        .tied(),
                gemma("gemma2", "gemma2", "Gemma2ForCausalLM")
                        .settings(
                                size("sliding_window", "attention.sliding_window", 4096),
                                new Scale(SECOND_LARGE),
                                new Pattern(2),
                                number("attn_logit_softcapping", "attn_logit_softcapping", 50, 50),
                                number(
                                        "final_logit_softcapping",
                                        "final_logit_softcapping",
                                        30,
                                        30),
                                RopeKeys.rope()),
                third("gemma3", "gemma3_text", "Gemma3ForCausalLM")
                        .settings(only("use_bidirectional_attention", false)),
                third("gemma-embedding", "gemma3_text", "Gemma3TextModel")
                        .settings(
                                only("use_bidirectional_attention", true),
                                constant("attention.causal", false)),
                seeing());
    }

    private static Family third(String architecture, String modelType, String checkpointClass) {
        return gemma(architecture, modelType, checkpointClass)
                .settings(
                        size("sliding_window", "attention.sliding_window", 4096),
                        new Scale(THIRD_LARGE),
                        new Pattern(6),
                        none("attn_logit_softcapping", "final_logit_softcapping"),
                        new TwoRopes());
    }

    /** The text part of Gemma 3 with eyes, whose config.json leaves out what is usual. */
    private static Family seeing() {
        return third("gemma3", "gemma3", "Gemma3ForConditionalGeneration")
                .settings(
                        only("use_bidirectional_attention", false),
                        ignored(
                                "vision_config",
                                "mm_tokens_per_image",
                                "image_token_index",
                                "image_token_id",
                                "boi_token_index",
                                "eoi_token_index"))
                .defaults(
                        "vocab_size", 262_208,
                        "hidden_size", 2304,
                        "intermediate_size", 9216,
                        "num_hidden_layers", 26,
                        "num_attention_heads", 8,
                        "num_key_value_heads", 4,
                        "max_position_embeddings", 131_072)
                .tensors(config ->
                        rules().leaveOut(
                                        "vision_tower.",
                                        "multi_modal_projector.",
                                        "model.vision_tower.",
                                        "model.multi_modal_projector."))
                .where(keys -> false);
    }

    private static Family gemma(String architecture, String modelType, String checkpointClass) {
        return new Family(architecture, modelType, checkpointClass)
                .settings(
                        Common.decoder(1e-6, 256),
                        only("hidden_activation", "gelu_pytorch_tanh"),
                        // The older key is wrong in some files, and the library overrides it.
                        ignored("hidden_act"))
                .tensors(config -> rules())
                .tied();
    }

    /**
     * Queries are divided by the root of the head length, but in the models of 27B.
     *
     * @param largeLayers by which those are known
     */
    private record Scale(int largeLayers) implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            boolean large = config.size("num_hidden_layers") == largeLayers;
            int divisor =
                    large
                            ? config.size("hidden_size") / config.size("num_attention_heads")
                            : config.has("head_dim") ? config.size("head_dim") : 256;
            double found = config.number("query_pre_attn_scalar", divisor);
            if (found != divisor) {
                throw config.wrong("query_pre_attn_scalar", found, String.valueOf(divisor));
            }
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            boolean large = keys.integer("block_count") == largeLayers;
            int heads = keys.integer("attention.head_count");
            config.put(
                    "query_pre_attn_scalar",
                    large ? keys.integer("embedding_length") / heads : keys.headLength());
        }
    }

    /**
     * Which layers see a window.
     *
     * @param period of so many layers the last one sees everything
     */
    private record Pattern(int period) implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            config.require("sliding_window_pattern", (long) period);
            config.require("_sliding_window_pattern", (long) period);
            List<?> kinds = config.list("layer_types");
            for (int i = 0; i < kinds.size(); i++) {
                String expected = i % period < period - 1 ? "sliding_attention" : "full_attention";
                if (!expected.equals(kinds.get(i))) {
                    throw config.wrong("layer_types", kinds.get(i), expected + " in layer " + i);
                }
            }
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {}
    }

    /** {@link TwoRopes}. */
    static Setting twoRopes() {
        return new TwoRopes();
    }

    /**
     * Windows turn by a base of their own. Since version 5 of the transformers library each kind of
     * layer has its own parameters.
     */
    private static final class TwoRopes implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            JsonObject both =
                    config.optionalObject("rope_parameters")
                            .filter(p -> p.has("full_attention"))
                            .orElse(null);
            if (both == null) {
                RopeKeys.rope(GLOBAL_BASE).read(config, keys);
                keys.own(
                        "rope.freq_base_swa",
                        (float) config.number("rope_local_base_freq", LOCAL_BASE));
                return;
            }
            JsonObject full = both.object("full_attention");
            keys.own("rope.freq_base", (float) full.number("rope_theta", GLOBAL_BASE));
            String type = full.string("rope_type", "default");
            if (type.equals("linear")) {
                keys.own("rope.scaling.type", "linear");
                keys.own("rope.scaling.factor", (float) full.number("factor"));
            } else if (!type.equals("default")) {
                throw full.wrong("rope_type", type, "default or linear");
            }
            JsonObject local = both.object("sliding_attention");
            local.require("rope_type", "default");
            keys.own("rope.freq_base_swa", (float) local.number("rope_theta", LOCAL_BASE));
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            RopeKeys.rope(GLOBAL_BASE).write(keys, config);
            config.put("rope_local_base_freq", keys.number("rope.freq_base_swa", LOCAL_BASE));
        }
    }

    private static Rules firstRules() {
        return Common.decoder(Transform.PLUS_ONE, Transform.SAME, Transform.SAME)
                .add(
                        "model.layers.{i}.post_attention_layernorm.weight",
                        "blk.{i}.ffn_norm.weight",
                        Transform.PLUS_ONE);
    }

    private static Rules rules() {
        Transform one = Transform.PLUS_ONE;
        return norms(Common.decoder(one, Transform.SAME, Transform.SAME), one);
    }

    /** The norms around the halves of a layer, and those of the heads of queries and keys. */
    static Rules norms(Rules rules, Transform norm) {
        String layer = "model.layers.{i}.";
        return rules.add(
                        layer + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight",
                        norm)
                .add(layer + "pre_feedforward_layernorm.weight", "blk.{i}.ffn_norm.weight", norm)
                .add(
                        layer + "post_feedforward_layernorm.weight",
                        "blk.{i}.post_ffw_norm.weight",
                        norm)
                .add(layer + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight", norm)
                .add(layer + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight", norm);
    }
}
