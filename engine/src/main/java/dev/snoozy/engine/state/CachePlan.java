package dev.snoozy.engine.state;

import java.util.Arrays;
import java.util.Collections;

/**
 * What the layers of a model remember. Layers that see the same window are of one kind.
 *
 * @param heads per layer what it remembers of a position
 * @param windows per layer how many positions a row sees, its own included; 0 for all. Without
 *     causality those up to half of it away on either side
 * @param causal whether a row sees only itself and what came before
 */
public record CachePlan(Heads[] heads, int[] windows, boolean causal) {
    /**
     * Heads of a layer.
     *
     * @param kvHeads heads of keys and values
     * @param keyLength columns of a key of one head
     * @param valueLength columns of a value of one head
     */
    public record Heads(int kvHeads, int keyLength, int valueLength) {}

    /** A plan for layers whose heads are the same. */
    public CachePlan(int kvHeads, int keyLength, int valueLength, int[] windows, boolean causal) {
        this(same(new Heads(kvHeads, keyLength, valueLength), windows.length), windows, causal);
    }

    private static Heads[] same(Heads heads, int layers) {
        return Collections.nCopies(layers, heads).toArray(Heads[]::new);
    }

    /** Number of layers. */
    public int layers() {
        return windows.length;
    }

    /** Number of different windows. */
    public int kinds() {
        return distinct().length;
    }

    /** The kind of a layer. */
    public int kindOf(int layer) {
        return Arrays.binarySearch(distinct(), windows[layer]);
    }

    /** The window of a kind; 0 for none. */
    public int window(int kind) {
        return distinct()[kind];
    }

    private int[] distinct() {
        return Arrays.stream(windows).distinct().sorted().toArray();
    }
}
