package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values that layers of a kind see, in models whose last layers have none of their own and
 * see those of the last layer of their kind that has (Gemma 3n and 4).
 *
 * @param layer in whose cache they are
 * @param keys {@code [tokens, kvHeads * keyLength]}
 * @param values {@code [tokens, kvHeads * valueLength]}
 */
record Seen(int layer, Tensor keys, Tensor values) {
    private static final String SHARED = "attention.shared_kv_layers";
    private static final List<String> NONE = List.of();
    private static final List<String> KEYS_AND_VALUES = List.of("attn_k", "attn_v");

    /**
     * How many layers, the first ones, have keys and values.
     *
     * @param windows of the layers: those with one are of one kind, those without of the other
     * @param shared layers without, where the file does not say
     * @throws ModelException if a layer without has none before it that is like it
     */
    static int stored(ModelConfig config, int[] windows, int shared) {
        int stored = windows.length - config.integer(SHARED, shared);
        if (stored < 1 || stored > windows.length) {
            throw new ModelException(
                    config.key(SHARED)
                            + ": expected 0 to "
                            + (windows.length - 1)
                            + ", found "
                            + (windows.length - stored));
        }
        for (int i = stored; i < windows.length; i++) {
            requireLike(config, windows, stored, i);
        }
        return stored;
    }

    private static void requireLike(ModelConfig config, int[] windows, int stored, int layer) {
        for (int i = 0; i < stored; i++) {
            if (windows[i] > 0 == windows[layer] > 0) {
                return;
            }
        }
        throw new ModelException(
                config.key(SHARED)
                        + ": layer "
                        + layer
                        + " is to see what an earlier one stores, and none of those is like it");
    }

    /** Leaves alone keys and values that some files have in layers which do not use them. */
    static void leaveUnused(Weights weights, int layer, int stored) {
        for (String part : layer < stored ? NONE : KEYS_AND_VALUES) {
            weights.leave("blk." + layer + "." + part);
        }
    }

    /** What is still needed when a layer is done. */
    static Tensor[] kept(@Nullable Seen[] seen, Tensor... others) {
        List<Tensor> kept = new ArrayList<>(List.of(others));
        for (Seen each : seen) {
            if (each != null) {
                kept.add(each.keys);
                kept.add(each.values);
            }
        }
        return kept.toArray(Tensor[]::new);
    }
}
