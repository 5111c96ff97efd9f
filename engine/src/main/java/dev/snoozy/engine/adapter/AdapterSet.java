package dev.snoozy.engine.adapter;

import java.util.List;

/**
 * The adapters of a text, in the order in which their deltas are added, each with a scale of the
 * user's. Two sets are equal if they have the same adapters with the same scales.
 */
public record AdapterSet(List<Use> uses) {
    /** No adapter. */
    public static final AdapterSet NONE = new AdapterSet(List.of());

    /**
     * An adapter in use.
     *
     * @param scale beside that of the adapter itself
     */
    public record Use(AdapterWeights weights, float scale) {
        /** What the delta is multiplied with. */
        float factor() {
            return scale * weights.scale();
        }
    }

    public AdapterSet {
        uses = List.copyOf(uses);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return uses.isEmpty();
    }
}
