package dev.snoozy.engine.state;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;

/**
 * What the layers of a model remember. Layers that see the same window are of one kind; those that
 * keep a recurrent state are of another, the last.
 *
 * @param heads per layer what it remembers of a position; null where it has no attention
 * @param windows per layer how many positions a row sees, its own included; 0 for all. Without
 *     causality those up to half of it away on either side
 * @param states per layer how many numbers it keeps of a text, however long; 0 for none
 * @param causal whether a row sees only itself and what came before
 * @param chunked whether windows do not slide: texts are cut at the multiples of a window, and a
 *     row sees what came before it in its own part (Llama 4)
 */
public record CachePlan(
        @Nullable Heads[] heads, int[] windows, int[] states, boolean causal, boolean chunked) {
    /**
     * Heads of a layer.
     *
     * @param kvHeads heads of keys and values
     * @param keyLength columns of a key of one head
     * @param valueLength columns of a value of one head
     */
    public record Heads(int kvHeads, int keyLength, int valueLength) {}

    /** A plan for layers of attention. */
    public CachePlan(Heads[] heads, int[] windows, boolean causal) {
        this(heads, windows, new int[windows.length], causal, false);
    }

    /** A plan for layers whose heads are the same. */
    public CachePlan(int kvHeads, int keyLength, int valueLength, int[] windows, boolean causal) {
        this(same(new Heads(kvHeads, keyLength, valueLength), windows.length), windows, causal);
    }

    /** A plan for layers some of which keep a state, and those with heads see everything. */
    public CachePlan(@Nullable Heads[] heads, int[] states) {
        this(heads, new int[heads.length], states, true, false);
    }

    /** The same with windows that do not slide. */
    public CachePlan inChunks() {
        return new CachePlan(heads, windows, states, causal, true);
    }

    private static Heads[] same(Heads heads, int layers) {
        return Collections.nCopies(layers, heads).toArray(Heads[]::new);
    }

    /** Number of layers. */
    public int layers() {
        return windows.length;
    }

    /** Number of kinds: different windows, and the state. */
    public int kinds() {
        return distinct().length + (isRecurrent() ? 1 : 0);
    }

    /** Whether some layers keep a state. */
    public boolean isRecurrent() {
        return Arrays.stream(states).anyMatch(length -> length > 0);
    }

    /** The kind of what a layer's attention remembers. */
    public int kindOf(int layer) {
        return Arrays.binarySearch(distinct(), windows[layer]);
    }

    /** Whether a kind is that of the states. */
    public boolean isState(int kind) {
        return kind == distinct().length;
    }

    /** The window of a kind; 0 for none. */
    public int window(int kind) {
        return isState(kind) ? 0 : distinct()[kind];
    }

    /** The first position that a row at a position sees. */
    public int first(int kind, int position) {
        int window = window(kind);
        if (window == 0) {
            return 0;
        }
        int before = causal ? window - 1 : window / 2;
        return chunked ? position / window * window : Math.max(0, position - before);
    }

    private int[] distinct() {
        return IntStream.range(0, layers())
                .filter(layer -> heads[layer] != null)
                .map(layer -> windows[layer])
                .distinct()
                .sorted()
                .toArray();
    }
}
