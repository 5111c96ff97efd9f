package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The text part of Gemma 3n, whose norms multiply by their weights as they are. */
final class Gemma3n {
    private static final String SPARSITY = "activation_sparsity_scale";
    private static final String PATTERN = "activation_sparsity_pattern";
    private static final String WIDTH = "feed_forward_length";
    private static final int PERIOD = 5;
    private static final int SPARSE_LAYERS = 10;

    /** So many standard deviations are above the mean of the lower 95 in 100 gates. */
    private static final float DEVIATIONS = 1.6448533535f;

    private static final double LOWER = 0.95;

    private Gemma3n() {}

    static List<Family> families() {
        return List.of(
                family("gemma3n_text", "Gemma3nForCausalLM"),
                family("gemma3n", "Gemma3nForConditionalGeneration").where(keys -> false));
    }

    private static Family family(String modelType, String checkpointClass) {
        return new Family("gemma3n", modelType, checkpointClass)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.keyHeads(),
                        Common.headLengths(256),
                        size("max_position_embeddings", "context_length"),
                        Settings.vocabulary(),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        number("final_logit_softcapping", "final_logit_softcapping", 30, 30),
                        Common.windows(PERIOD),
                        Setting.of(Gemma3n::readWidth, Gemma3n::writeWidth),
                        Setting.of(Gemma3n::readSparsity, Gemma3n::writeSparsity),
                        altup(),
                        Gemma.twoRopes(),
                        only("hidden_activation", "gelu_pytorch_tanh"),
                        only("altup_correct_scale", true),
                        ignored(
                                "altup_coef_clip", // while it is trained
                                "laurel_rank", // as the tensors have it
                                "vocab_size_per_layer_input",
                                "vision_config",
                                "audio_config",
                                "audio_soft_tokens_per_image",
                                "vision_soft_tokens_per_image",
                                "image_token_id",
                                "audio_token_id",
                                "boi_token_id",
                                "eoi_token_id",
                                "boa_token_id",
                                "eoa_token_id"))
                .defaults(
                        "vocab_size", 262_400,
                        "hidden_size", 2048,
                        "intermediate_size", 16_384,
                        "num_hidden_layers", 35,
                        "num_attention_heads", 8,
                        "num_key_value_heads", 2,
                        "max_position_embeddings", 32_768,
                        "sliding_window", 512,
                        "hidden_size_per_layer_input", 256,
                        "altup_num_inputs", 4,
                        "altup_active_idx", 0,
                        "num_kv_shared_layers", 15)
                .tensors(config -> rules())
                .tied();
    }

    private static void readWidth(JsonObject config, Keys keys) {
        if (!(config.get("intermediate_size") instanceof List<?>)) {
            keys.own(WIDTH, config.size("intermediate_size"));
            return;
        }
        int[] widths = config.integers("intermediate_size");
        boolean same = Arrays.stream(widths).distinct().count() == 1;
        keys.own(WIDTH, same ? (Object) widths[0] : widths);
    }

    private static void writeWidth(GgufKeys keys, Map<String, Object> config) {
        config.put(
                "intermediate_size",
                keys.get(WIDTH) instanceof int[] each
                        ? Arrays.stream(each).boxed().toList()
                        : (Object) keys.integer(WIDTH));
    }

    /** The part of the gates that let nothing through, 0.95 or 0, as a number of deviations. */
    private static void readSparsity(JsonObject config, Keys keys) {
        Object pattern = config.get(PATTERN);
        float[] each = new float[config.layers()];
        for (int i = 0; i < each.length; i++) {
            Object part =
                    pattern instanceof List<?> list && i < list.size() ? list.get(i) : pattern;
            double found =
                    part instanceof Number one
                            ? one.doubleValue()
                            : pattern == null && i < SPARSE_LAYERS ? LOWER : 0;
            if (found != 0 && found != LOWER) {
                throw config.wrong(PATTERN, found, "0 or 0.95");
            }
            each[i] = found == 0 ? 0 : DEVIATIONS;
        }
        keys.own(SPARSITY, each);
    }

    private static void writeSparsity(GgufKeys keys, Map<String, Object> config) {
        float[] each = keys.get(SPARSITY) instanceof float[] list ? list : new float[0];
        List<Double> parts = new ArrayList<>();
        for (int i = 0; i < keys.layers(); i++) {
            float usual = i < SPARSE_LAYERS ? DEVIATIONS : 0;
            float found = i < each.length ? each[i] : usual;
            if (found > 0 && found != DEVIATIONS) {
                throw keys.wrong(SPARSITY, "expected 0 or " + DEVIATIONS + ", found " + found);
            }
            parts.add(found > 0 ? LOWER : 0.0);
        }
        config.put(PATTERN, parts);
    }

    /** Several states beside each other, and what the last layers share. */
    private static Setting altup() {
        String inputs = "embedding_length_per_layer_input";
        return Setting.of(
                (config, keys) -> {
                    keys.own("altup.num_inputs", config.size("altup_num_inputs"));
                    keys.own("altup.active_idx", config.integer("altup_active_idx"));
                    keys.own(inputs, config.size("hidden_size_per_layer_input"));
                    keys.own("attention.shared_kv_layers", config.integer("num_kv_shared_layers"));
                },
                (keys, config) -> {
                    config.put("altup_num_inputs", keys.integer("altup.num_inputs", 4));
                    config.put("altup_active_idx", keys.integer("altup.active_idx", 0));
                    config.put("hidden_size_per_layer_input", keys.integer(inputs));
                    int usual = Math.max(0, keys.layers() - 20);
                    config.put(
                            "num_kv_shared_layers",
                            keys.integer("attention.shared_kv_layers", usual));
                });
    }

    private static Rules rules() {
        String layer = "model.layers.{i}.";
        String blk = "blk.{i}.";
        Transform same = Transform.SAME;
        Rules rules =
                Common.decoder(same, same, same)
                        .add("model.embed_tokens_per_layer.weight", "per_layer_token_embd.weight")
                        .add(
                                "model.per_layer_model_projection.weight",
                                "per_layer_model_proj.weight")
                        .add("model.per_layer_projection_norm.weight", "per_layer_proj_norm.weight")
                        .add("model.altup_projections.{e}.weight", "altup_proj.weight")
                        .add(
                                "model.altup_unembed_projections.{e}.weight",
                                "altup_unembd_proj.weight")
                        .add(
                                layer + "altup.correction_coefs.weight",
                                blk + "altup_correct_coef.weight")
                        .add(
                                layer + "altup.correct_output_scale",
                                blk + "altup_correct_scale.weight")
                        .add(
                                layer + "altup.prediction_coefs.weight",
                                blk + "altup_predict_coef.weight")
                        .add(layer + "altup.modality_router.weight", blk + "altup_router.weight")
                        .add(layer + "altup.router_norm.weight", blk + "altup_router_norm.weight")
                        .add(layer + "laurel.linear_left.weight", blk + "laurel_l.weight")
                        .add(layer + "laurel.linear_right.weight", blk + "laurel_r.weight")
                        .add(
                                layer + "laurel.post_laurel_norm.weight",
                                blk + "laurel_post_norm.weight")
                        .add(layer + "per_layer_input_gate.weight", blk + "inp_gate.weight")
                        .add(layer + "per_layer_projection.weight", blk + "proj.weight")
                        .add(layer + "post_per_layer_input_norm.weight", blk + "post_norm.weight")
                        .leaveOut(
                                "model.vision_tower.",
                                "model.audio_tower.",
                                "model.embed_vision.",
                                "model.embed_audio.");
        return Gemma.norms(rules, same);
    }
}
