package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.List;
import java.util.Map;

/**
 * The text part of Gemma 4: layers that see everything have longer heads than those with a window,
 * and may have fewer heads of keys; the last layers may see the keys of others; a layer may have
 * experts beside its network.
 */
final class Gemma4 {
    private static final String KEYS = "attention.head_count_kv";
    private static final String WIDTH = "feed_forward_length";
    private static final String SHARED = "attention.shared_kv_layers";
    private static final String SOFTCAP = "final_logit_softcapping";
    private static final float NEVER = 1e30f; // divides the frequency of a pair that does not turn

    private Gemma4() {}

    static List<Family> families() {
        return List.of(
                family("gemma4_text", "Gemma4ForCausalLM"),
                family("gemma4", "Gemma4ForConditionalGeneration").where(keys -> false));
    }

    private static Family family(String modelType, String checkpointClass) {
        return new Family("gemma4", modelType, checkpointClass)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("max_position_embeddings", "context_length"),
                        Settings.vocabulary(),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        Common.windows(6),
                        Setting.of(Gemma4::readHeads, Gemma4::writeHeads),
                        Setting.of(Gemma4::readWidth, Gemma4::writeWidth),
                        Setting.of(Gemma4::readRest, Gemma4::writeRest),
                        Setting.of(Gemma4::readRopes, Gemma4::writeRopes),
                        only("hidden_activation", "gelu_pytorch_tanh"),
                        only("use_bidirectional_attention", "vision"),
                        ignored(
                                "vocab_size_per_layer_input",
                                "vision_config",
                                "audio_config",
                                "image_token_id",
                                "video_token_id",
                                "audio_token_id",
                                "boi_token_id",
                                "eoi_token_id",
                                "boa_token_id",
                                "eoa_token_id",
                                "eoa_token_index",
                                "vision_soft_tokens_per_image"))
                .defaults(
                        "vocab_size", 262_144,
                        "hidden_size", 2304,
                        "intermediate_size", 9216,
                        "num_hidden_layers", 30,
                        "num_attention_heads", 8,
                        "num_key_value_heads", 4,
                        "head_dim", 256,
                        "max_position_embeddings", 131_072,
                        "sliding_window", 512,
                        "hidden_size_per_layer_input", 256)
                .extraTensors(Gemma4::divisors, RopeKeys.FACTORS)
                .tensors(Gemma4::rules)
                .tied();
    }

    /** What a layer that sees everything has instead of the usual, by either way to say it. */
    private static int ofFullLayers(JsonObject config, String name, String global, int otherwise) {
        JsonObject each = config.optionalObject("per_layer_config").orElse(null);
        if (each == null) {
            return config.integer(global, otherwise);
        }
        int found = 0;
        for (String layer : each.keys()) {
            int one = each.object(layer).integer(name, otherwise);
            if (found != 0 && one != found) {
                throw each.wrong(layer, one, found + " as in other layers");
            }
            found = one;
        }
        return found == 0 ? otherwise : found;
    }

    private static int fullLength(JsonObject config) {
        return ofFullLayers(config, "head_dim", "global_head_dim", 512);
    }

    private static void readHeads(JsonObject config, Keys keys) {
        int length = config.size("head_dim");
        int full = fullLength(config);
        keys.own("attention.key_length", full);
        keys.own("attention.value_length", full);
        keys.own("attention.key_length_swa", length);
        keys.own("attention.value_length_swa", length);
        keys.own("rope.dimension_count", full);
        keys.own("rope.dimension_count_swa", length);
        int heads = config.size("num_key_value_heads");
        boolean equal = config.flag("attention_k_eq_v", false);
        String global = "num_global_key_value_heads";
        int fullHeads = ofFullLayers(config, "num_key_value_heads", global, heads);
        if (!equal || fullHeads == heads) {
            keys.own(KEYS, heads);
            return;
        }
        boolean[] slides = Common.slides(config, 6);
        int[] each = new int[slides.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = slides[i] ? heads : fullHeads;
        }
        keys.own(KEYS, each);
    }

    private static void writeHeads(GgufKeys keys, Map<String, Object> config) {
        int full = keys.headLength();
        config.put("head_dim", keys.integer("attention.key_length_swa", full));
        config.put("global_head_dim", full);
        List<String> kinds = Common.kinds(keys, 6);
        int last = kinds.lastIndexOf("full_attention");
        boolean equal = last >= 0 && !hasValues(keys, kinds);
        config.put("attention_k_eq_v", equal);
        if (!(keys.get(KEYS) instanceof int[] each)) {
            config.put(
                    "num_key_value_heads",
                    keys.integer(KEYS, keys.integer("attention.head_count")));
            return;
        }
        int sliding = each[Math.max(0, kinds.indexOf("sliding_attention"))];
        int global = each[Math.max(0, last)];
        for (int i = 0; i < each.length; i++) {
            int expected = kinds.get(i).equals("full_attention") ? global : sliding;
            if (each[i] != expected || !equal && global != sliding) {
                throw keys.wrong(KEYS, "a checkpoint cannot say that of layer " + i);
            }
        }
        config.put("num_key_value_heads", sliding);
        config.put("num_global_key_value_heads", global);
    }

    /** Whether layers that see everything have a matrix of values, besides that of keys. */
    private static boolean hasValues(GgufKeys keys, List<String> kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i).equals("full_attention")
                    && keys.hasTensor("blk." + i + ".attn_v.weight")) {
                return true;
            }
        }
        return false;
    }

    /** Layers that see the keys of others may be twice as wide. */
    private static void readWidth(JsonObject config, Keys keys) {
        int width = config.size("intermediate_size");
        if (!config.flag("use_double_wide_mlp", false)) {
            keys.own(WIDTH, width);
            return;
        }
        int[] each = new int[config.layers()];
        int stored = each.length - config.integer("num_kv_shared_layers", 0);
        for (int i = 0; i < each.length; i++) {
            each[i] = i < stored ? width : 2 * width;
        }
        keys.own(WIDTH, each);
    }

    private static void writeWidth(GgufKeys keys, Map<String, Object> config) {
        if (!(keys.get(WIDTH) instanceof int[] each)) {
            config.put("intermediate_size", keys.integer(WIDTH));
            return;
        }
        int stored = each.length - keys.integer(SHARED, 0);
        boolean wide = stored < each.length && each[each.length - 1] == 2 * each[0];
        for (int i = 0; i < each.length; i++) {
            if (each[i] != (wide && i >= stored ? 2 * each[0] : each[0])) {
                throw keys.wrong(WIDTH, "a checkpoint cannot say that of layer " + i);
            }
        }
        config.put("intermediate_size", each[0]);
        config.put("use_double_wide_mlp", wide);
    }

    private static void readRest(JsonObject config, Keys keys) {
        keys.own(SHARED, config.integer("num_kv_shared_layers", 0));
        keys.own(
                "embedding_length_per_layer_input",
                config.integer("hidden_size_per_layer_input", 0));
        keys.own(SOFTCAP, (float) config.number(SOFTCAP, 0));
        if (config.flag("enable_moe_block", false)) {
            keys.own("expert_count", config.size("num_experts"));
            keys.own("expert_used_count", config.size("top_k_experts"));
            keys.own("expert_feed_forward_length", config.size("moe_intermediate_size"));
        }
        List.of("num_experts", "top_k_experts", "moe_intermediate_size").forEach(config::get);
    }

    private static void writeRest(GgufKeys keys, Map<String, Object> config) {
        config.put("num_kv_shared_layers", keys.integer(SHARED, 0));
        config.put(
                "hidden_size_per_layer_input", keys.integer("embedding_length_per_layer_input", 0));
        double cap = keys.number(SOFTCAP, 30);
        if (cap != 0) {
            config.put(SOFTCAP, cap);
        }
        boolean mixed = keys.integer("expert_count", 0) > 0;
        config.put("enable_moe_block", mixed);
        if (mixed) {
            config.put("num_experts", keys.integer("expert_count"));
            config.put("top_k_experts", keys.integer("expert_used_count"));
            config.put("moe_intermediate_size", keys.integer("expert_feed_forward_length"));
        }
    }

    private static void readRopes(JsonObject config, Keys keys) {
        JsonObject both = config.object("rope_parameters");
        JsonObject full = both.object("full_attention");
        JsonObject local = both.object("sliding_attention");
        full.require("rope_type", "proportional");
        local.require("rope_type", "default");
        keys.own("rope.freq_base", (float) full.number("rope_theta", 1_000_000));
        keys.own("rope.freq_base_swa", (float) local.number("rope_theta", 10_000));
    }

    /** Pairs that do not turn are the last ones of a head, and divided as good as to nothing. */
    private static Map<String, float[]> divisors(JsonObject config) {
        JsonObject full = config.object("rope_parameters").object("full_attention");
        float[] divisors = new float[fullLength(config) / 2];
        int turned = (int) (full.number("partial_rotary_factor", 0.25) * divisors.length);
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = i < turned ? 1 : NEVER;
        }
        return turned == divisors.length ? Map.of() : Map.of(RopeKeys.FACTORS, divisors);
    }

    private static void writeRopes(GgufKeys keys, Map<String, Object> config) {
        double part = 1;
        if (keys.hasTensor(RopeKeys.FACTORS)) {
            double[] divisors = keys.values(RopeKeys.FACTORS);
            int turned = 0;
            while (turned < divisors.length && divisors[turned] == 1) {
                turned++;
            }
            for (int i = turned; i < divisors.length; i++) {
                if ((float) divisors[i] != NEVER) {
                    throw keys.wrong(
                            "rope.freq_base",
                            "with rope_freqs.weight that a checkpoint cannot say");
                }
            }
            part = (double) turned / divisors.length;
        }
        Map<String, Object> full = Common.members();
        full.put("rope_type", "proportional");
        full.put("rope_theta", keys.number("rope.freq_base", 10_000));
        full.put("partial_rotary_factor", part);
        Map<String, Object> local = Common.members();
        local.put("rope_type", "default");
        local.put("rope_theta", keys.number("rope.freq_base_swa", 10_000));
        Map<String, Object> both = Common.members();
        both.put("full_attention", full);
        both.put("sliding_attention", local);
        config.put("rope_parameters", both);
    }

    private static Rules rules(JsonObject config) {
        String layer = "model.layers.{i}.";
        Transform same = Transform.SAME;
        Rules rules =
                Common.decoder(same, same, same)
                        .add("model.embed_tokens_per_layer.weight", "per_layer_token_embd.weight")
                        .add(
                                "model.per_layer_model_projection.weight",
                                "per_layer_model_proj.weight")
                        .add("model.per_layer_projection_norm.weight", "per_layer_proj_norm.weight")
                        .add(layer + "layer_scalar", "blk.{i}.layer_output_scale.weight")
                        .add(layer + "per_layer_input_gate.weight", "blk.{i}.inp_gate.weight")
                        .add(layer + "per_layer_projection.weight", "blk.{i}.proj.weight")
                        .add(layer + "post_per_layer_input_norm.weight", "blk.{i}.post_norm.weight")
                        .leaveOut(
                                "model.vision_tower.",
                                "model.audio_tower.",
                                "model.embed_vision.",
                                "model.embed_audio.");
        Gemma.norms(rules, same);
        return config.flag("enable_moe_block", false) ? experts(config, rules) : rules;
    }

    private static Rules experts(JsonObject config, Rules rules) {
        String layer = "model.layers.{i}.";
        int width = config.size("moe_intermediate_size");
        Transform gate = Transform.of(RowOrder.part(0, width, RowOrder.ALL));
        Transform up = Transform.of(RowOrder.part(width, width, RowOrder.ALL));
        for (String norm : List.of("post", "pre")) {
            rules.add(
                    layer + norm + "_feedforward_layernorm_2.weight",
                    "blk.{i}." + norm + "_ffw_norm_2.weight");
        }
        return rules.add(
                        layer + "post_feedforward_layernorm_1.weight",
                        "blk.{i}.post_ffw_norm_1.weight")
                .add(layer + "router.scale", "blk.{i}.ffn_gate_inp.scale")
                .add(layer + "router.per_expert_scale", "blk.{i}.ffn_down_exps.scale")
                .add(layer + "router.proj.weight", "blk.{i}.ffn_gate_inp.weight")
                .add(layer + "experts.gate_up_proj", "blk.{i}.ffn_gate_exps.weight", gate)
                .add(layer + "experts.gate_up_proj", "blk.{i}.ffn_up_exps.weight", up)
                .add(layer + "experts.down_proj", "blk.{i}.ffn_down_exps.weight");
    }
}
