package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys that change what a network computes. A file that has one of them, with a value that is not
 * neutral, is refused unless the code of its architecture has asked for it: without that the
 * results would be silently wrong.
 */
final class Options {
    private static final String WINDOW = "attention.sliding_window";
    private static final String EXPERTS = "expert_count";
    private static final String PATTERN = "attention.sliding_window_pattern";

    private static final Set<Object> NONE = Set.of(0.0);
    private static final Set<Object> NO_FACTOR = Set.of(0.0, 1.0);
    private static final Set<Object> FALSE = Set.of(false);

    /** The values that change nothing. */
    private static final Map<String, Set<Object>> NEUTRAL = new TreeMap<>();

    static {
        put(
                NONE,
                "attention.clamp_kqv",
                "attention.max_alibi_bias",
                WINDOW,
                "attention.temperature_scale",
                "attention.shared_kv_layers",
                "attention.q_lora_rank",
                "attention.kv_lora_rank",
                "attention.relative_buckets_count",
                "attn_logit_softcapping",
                "final_logit_softcapping",
                "router_logit_softcapping",
                "embedding_length_per_layer_input",
                EXPERTS,
                "leading_dense_block_count",
                "altup.num_inputs",
                "ssm.state_size",
                "wkv.head_size",
                "shortconv.l_cache");
        put(
                NO_FACTOR,
                "attention.scale",
                "attention.output_scale",
                "attention.value_scale",
                "embedding_scale",
                "residual_scale",
                "logit_scale",
                PATTERN,
                "expert_group_count",
                "expert_gating_func",
                "expert_weights_scale",
                "interleave_moe_layer_step",
                "rope.scaling.attn_factor",
                "rope.scaling.factor",
                "rope.scale_linear");
        put(FALSE, "swin_norm", "use_parallel_residual", "attention.recurrent");
        put(Set.of(true), "attention.causal");
        put(Set.of("none"), "rope.scaling.type");
        put(Set.of(), "rope.freq_base_swa", "attention.key_length_swa");
    }

    private Options() {}

    private static void put(Set<Object> neutral, String... keys) {
        for (String key : keys) {
            NEUTRAL.put(key, neutral);
        }
    }

    /** Refuses what the file says and nobody has asked for. */
    static void refuseUnheeded(ModelConfig config) {
        boolean dense = config.integer("leading_dense_block_count", 0) >= config.layers();
        boolean windows = config.metadata().integer(config.key(WINDOW), 0) != 0;
        NEUTRAL.forEach((key, neutral) -> {
            Object value = config.metadata().get(config.key(key));
            boolean idle = key.equals(PATTERN) && !windows || key.equals(EXPERTS) && dense;
            boolean heeded = idle || config.asked().contains(key);
            if (value != null && !heeded && !isNeutral(value, neutral)) {
                throw new ModelException(
                        config.key(key)
                                + ": found "
                                + value
                                + ", which this version does not heed in this architecture; running"
                                + " without it would be wrong");
            }
        });
    }

    private static boolean isNeutral(@Nullable Object value, Set<Object> neutral) {
        return value instanceof Number number
                ? neutral.contains(number.doubleValue())
                : value != null && neutral.contains(value);
    }
}
