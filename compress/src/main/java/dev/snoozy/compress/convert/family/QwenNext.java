package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;

import dev.snoozy.compress.convert.ConvertException;

import java.util.List;

/**
 * Qwen 3 Next and Qwen 3.5: gated delta rules in most layers. In 3 Next one matrix has what belongs
 * to each key head side by side. In 3.5 GGUF has the heads of values in another order: those that
 * use one key head are not neighbours, but a whole round of key heads apart.
 */
final class QwenNext {
    private static final String LAYER = "model.layers.{i}.";
    private static final String MLP = LAYER + "mlp.";
    private static final String DELTA = LAYER + "linear_attn.";
    private static final String INTERVAL = "full_attention_interval";
    private static final String[] SEEN = {
        "vision_config",
        "image_token_id",
        "video_token_id",
        "vision_start_token_id",
        "vision_end_token_id",
        "language_model_only"
    };

    static List<Family> families() {
        return List.of(next(), dense(), mixed());
    }

    private QwenNext() {}

    private static Family qwen(Family family) {
        return family.defaults("head_dim", 256, "linear_conv_kernel_dim", 4)
                .defaults("linear_key_head_dim", 128, "linear_value_head_dim", 128)
                .defaults("linear_num_key_heads", 16, "linear_num_value_heads", 32)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.keyHeads(),
                        Common.headLengths(256),
                        size("max_position_embeddings", "context_length", 32_768),
                        Settings.number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        Settings.vocabulary(),
                        only("hidden_act", "silu"),
                        RopeKeys.partial(0.25),
                        size("linear_conv_kernel_dim", "ssm.conv_kernel"),
                        size("linear_key_head_dim", "ssm.state_size"),
                        size("linear_num_key_heads", "ssm.group_count"),
                        size("linear_num_value_heads", "ssm.time_step_rank"),
                        channels(),
                        interval(),
                        told("attention_bias", "blk.3.attn_q.bias"),
                        Setting.toGguf((config, keys) -> config.require("attn_output_gate", true)),
                        ignored(
                                "mamba_ssm_dtype",
                                "mtp_num_hidden_layers",
                                "mtp_use_dedicated_embeddings"))
                .rope(10_000);
    }

    /** Columns of the values of all heads. */
    private static Setting channels() {
        return Setting.of(
                (config, keys) ->
                        keys.own(
                                "ssm.inner_size",
                                config.size("linear_num_value_heads")
                                        * config.size("linear_value_head_dim")),
                (keys, config) ->
                        config.put(
                                "linear_value_head_dim",
                                keys.integer("ssm.inner_size")
                                        / keys.integer("ssm.time_step_rank")));
    }

    /** Every so many layers the last one has attention. */
    private static Setting interval() {
        return Setting.of(
                (config, keys) -> {
                    List<?> kinds = config.list("layer_types");
                    int first = kinds.indexOf("full_attention") + 1;
                    int every = config.integer(INTERVAL, first > 0 ? first : 4);
                    for (int i = 0; i < kinds.size(); i++) {
                        boolean full = (i + 1) % every == 0;
                        String expected = full ? "full_attention" : "linear_attention";
                        if (!expected.equals(kinds.get(i))) {
                            throw config.wrong(
                                    "layer_types", kinds.get(i), expected + " in layer " + i);
                        }
                    }
                    keys.own(INTERVAL, every);
                },
                (keys, config) -> config.put(INTERVAL, keys.integer(INTERVAL, 4)));
    }

    private static Setting experts(int count, int used) {
        return Settings.all(
                size("num_experts", "expert_count", count),
                size("num_experts_per_tok", "expert_used_count", used),
                size("moe_intermediate_size", "expert_feed_forward_length", 512),
                size("shared_expert_intermediate_size", "expert_shared_feed_forward_length", 512),
                plainWidth());
    }

    /** Columns within a plain network, which no layer has. */
    private static Setting plainWidth() {
        return Setting.of(
                (config, keys) -> {
                    int each = config.integer("moe_intermediate_size", 512);
                    keys.own("feed_forward_length", config.integer("intermediate_size", each));
                },
                (keys, config) ->
                        config.put("intermediate_size", keys.integer("feed_forward_length")));
    }

    private static Family next() {
        return qwen(new Family("qwen3next", "qwen3_next", "Qwen3NextForCausalLM"))
                .settings(experts(512, 10), Experts.normalized(true), Experts.everyLayer())
                .tensors(QwenNext::nextRules);
    }

    private static Family dense() {
        return qwen(new Family(
                        "qwen35",
                        "qwen3_5_text",
                        "Qwen3_5ForCausalLM",
                        "Qwen3_5ForConditionalGeneration"))
                .settings(
                        size("intermediate_size", "feed_forward_length", 12_288),
                        Mixtures.sections(),
                        ignored(SEEN))
                .tensors(QwenNext::tiledRules);
    }

    private static Family mixed() {
        return qwen(new Family(
                        "qwen35moe",
                        "qwen3_5_moe_text",
                        "Qwen3_5MoeForCausalLM",
                        "Qwen3_5MoeForConditionalGeneration"))
                .settings(experts(256, 8), Mixtures.sections(), ignored(SEEN))
                .tensors(config ->
                        Experts.joined(
                                Experts.usual(Mixtures.gatedShared(tiledRules(config), MLP), MLP),
                                MLP + "experts."));
    }

    /** What does not differ. */
    private static Rules rules() {
        Transform one = Transform.PLUS_ONE;
        return Common.decoder(one, Transform.SAME, Transform.SAME)
                .add(
                        LAYER + "post_attention_layernorm.weight",
                        "blk.{i}.post_attention_norm.weight",
                        one)
                .add(LAYER + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight", one)
                .add(LAYER + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight", one)
                .add(DELTA + "norm.weight", "blk.{i}.ssm_norm.weight")
                .leaveOut("mtp.", "model.visual.");
    }

    private static Transform fading(RowOrder order) {
        return Transform.of(order).with(Transform.Values.FADING);
    }

    private static Rules nextRules(JsonObject config) {
        int keyHeads = config.size("linear_num_key_heads");
        int key = config.size("linear_key_head_dim");
        int value =
                config.size("linear_num_value_heads")
                        / keyHeads
                        * config.size("linear_value_head_dim");
        Transform qkv = Transform.of(new Split(keyHeads, key, value, false));
        Transform gate = Transform.of(new Split(keyHeads, key, value, true));
        Rules rules =
                rules().add(DELTA + "in_proj_qkvz.weight", "blk.{i}.attn_qkv.weight", qkv)
                        .add(DELTA + "in_proj_qkvz.weight", "blk.{i}.attn_gate.weight", gate)
                        .add(DELTA + "in_proj_ba.weight", "blk.{i}.ssm_ba.weight")
                        .add(DELTA + "dt_bias", "blk.{i}.ssm_dt.bias")
                        .add(DELTA + "A_log", "blk.{i}.ssm_a", fading(RowOrder.ALL))
                        .add(
                                DELTA + "conv1d.weight",
                                "blk.{i}.ssm_conv1d.weight",
                                Transform.of(TensorView.CONVOLUTION))
                        .add(DELTA + "out_proj.weight", "blk.{i}.ssm_out.weight");
        return Mixtures.gatedShared(Experts.usual(rules, MLP), MLP);
    }

    /**
     * Of a matrix that has for each key head its query, its key, its values and their gates: the
     * queries of all heads, then keys, then values; or the gates.
     *
     * @param key rows of a query or key of one head
     * @param value rows of the values of one key head
     */
    private record Split(int heads, int key, int value, boolean gates) implements RowOrder {
        @Override
        public long count(long all) {
            long expected = (long) heads * (2L * key + 2L * value);
            if (all != expected) {
                throw new ConvertException(
                        "expected %d rows by config.json, found %d".formatted(expected, all));
            }
            return gates ? (long) heads * value : (long) heads * (2L * key + value);
        }

        @Override
        public long source(long row, long all) {
            long keys = (long) heads * key;
            long group = all / heads;
            if (gates) {
                return row / value * group + 2L * key + value + row % value;
            }
            if (row < 2 * keys) {
                long which = row / keys; // queries, then keys
                long within = row % keys;
                return within / key * group + which * key + within % key;
            }
            long within = row - 2 * keys;
            return within / value * group + 2L * key + within % value;
        }
    }

    private static Rules tiledRules(JsonObject config) {
        int keyHeads = config.size("linear_num_key_heads");
        int shared = config.size("linear_num_value_heads") / keyHeads;
        long keys = 2L * keyHeads * config.size("linear_key_head_dim");
        RowOrder values = new Tiled(0, keyHeads, shared);
        RowOrder behindKeys = new Tiled(keys, keyHeads, shared);
        return rules().add(
                        DELTA + "in_proj_qkv.weight",
                        "blk.{i}.attn_qkv.weight",
                        Transform.of(behindKeys))
                .add(DELTA + "in_proj_z.weight", "blk.{i}.attn_gate.weight", Transform.of(values))
                .add(DELTA + "in_proj_b.weight", "blk.{i}.ssm_beta.weight", Transform.of(values))
                .add(DELTA + "in_proj_a.weight", "blk.{i}.ssm_alpha.weight", Transform.of(values))
                .add(DELTA + "dt_bias", "blk.{i}.ssm_dt.bias", Transform.of(values))
                .add(DELTA + "A_log", "blk.{i}.ssm_a", fading(values))
                .add(
                        DELTA + "conv1d.weight",
                        "blk.{i}.ssm_conv1d.weight",
                        Transform.of(behindKeys).with(TensorView.CONVOLUTION))
                .add(
                        DELTA + "out_proj.weight",
                        "blk.{i}.ssm_out.weight",
                        Transform.SAME.columns(values));
    }

    /**
     * Heads of values in rounds: first the first of each key head, then the second of each.
     *
     * @param before rows before them, which stay
     * @param shared heads of values that use one key head
     */
    private record Tiled(long before, int keyHeads, int shared) implements RowOrder {
        @Override
        public long count(long all) {
            long heads = (long) keyHeads * shared;
            if (all <= before || (all - before) % heads != 0) {
                throw new ConvertException(
                        "expected %d rows and more for %d heads, found %d"
                                .formatted(before, heads, all));
            }
            return all;
        }

        @Override
        public long source(long row, long all) {
            if (row < before) {
                return row;
            }
            long length = (all - before) / ((long) keyHeads * shared);
            long head = (row - before) / length;
            long from = head % keyHeads * shared + head / keyHeads;
            return before + from * length + (row - before) % length;
        }
    }
}
