package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;

import java.util.List;

/** The text part of Llama 4. Its positions turn adjacent pairs on both sides. */
final class Llama4 {
    private static final int PERIOD = 4; // of so many layers the last one turns nothing
    private static final int CHUNK = 8192;
    private static final int WITHOUT_NORMS = 128; // experts of the model whose queries have none
    private static final double BASE = 500_000;
    private static final String LAYER = "model.layers.{i}.";
    private static final String NETWORK = LAYER + "feed_forward.";

    static Family family() {
        return new Family(
                        "llama4",
                        "llama4_text",
                        "Llama4ForCausalLM",
                        "Llama4ForConditionalGeneration")
                .defaults("num_local_experts", 16, "num_experts_per_tok", 1)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size_mlp", "feed_forward_length", 16_384),
                        size("intermediate_size", "expert_feed_forward_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.keyHeads(),
                        Common.headLengths(128),
                        size("max_position_embeddings", "context_length", 131_072),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-5),
                        Settings.vocabulary(),
                        only("hidden_act", "silu"),
                        Common.turnedColumns(),
                        Experts.counts("num_local_experts", "num_experts_per_tok"),
                        size("interleave_moe_layer_step", "interleave_moe_layer_step", 1),
                        size("attention_chunk_size", Common.WINDOW, CHUNK),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        norms(),
                        Setting.toGguf(Llama4::checkLayers),
                        ignored(
                                "vision_config",
                                "boi_token_index",
                                "eoi_token_index",
                                "image_token_index",
                                "for_llm_compressor"))
                .rope(BASE)
                .tensors(config -> rules());
    }

    private Llama4() {}

    /** Norms of queries and keys, which the engine knows by the number of experts. */
    private static Setting norms() {
        return Setting.of(
                (config, keys) ->
                        config.require(
                                "use_qk_norm",
                                config.integer("num_local_experts") != WITHOUT_NORMS),
                (keys, config) ->
                        config.put("use_qk_norm", keys.integer("expert_count") != WITHOUT_NORMS));
    }

    /** What the engine takes for granted. */
    private static void checkLayers(JsonObject config, Keys keys) {
        config.require("attn_temperature_tuning", true, 4L);
        config.require("floor_scale", (long) CHUNK);
        config.require("attn_scale", 0.1);
        config.require("no_rope_layer_interval", (long) PERIOD);
        check(config, "no_rope_layers", PERIOD, 1L, 0L);
        check(config, "layer_types", PERIOD, "chunked_attention", "full_attention");
        int step = config.integer("interleave_moe_layer_step", 1);
        List<?> mixed = config.list("moe_layers");
        for (int i = 0; i < mixed.size(); i++) {
            long expected = (i + 1L) * step - 1;
            if (!mixed.get(i).equals(expected)) {
                throw config.wrong("moe_layers", mixed.get(i), expected + " at " + i);
            }
        }
    }

    private static void check(
            JsonObject config, String name, int period, Object most, Object last) {
        List<?> found = config.list(name);
        for (int i = 0; i < found.size(); i++) {
            Object expected = (i + 1) % period == 0 ? last : most;
            if (!expected.equals(found.get(i))) {
                throw config.wrong(name, found.get(i), expected + " in layer " + i);
            }
        }
    }

    private static Rules rules() {
        Rules rules =
                Common.attention(Transform.SAME, Transform.SAME, Transform.SAME)
                        .add(LAYER + "post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                        .add(NETWORK + "router.weight", "blk.{i}.ffn_gate_inp.weight")
                        .add(NETWORK + "gate_proj.weight", "blk.{i}.ffn_gate.weight")
                        .add(NETWORK + "up_proj.weight", "blk.{i}.ffn_up.weight")
                        .add(NETWORK + "down_proj.weight", "blk.{i}.ffn_down.weight")
                        .leaveOut("vision_model.", "multi_modal_projector.");
        Experts.shared(rules, NETWORK + "shared_expert.");
        return Experts.joinedTurned(rules, NETWORK + "experts.");
    }
}
