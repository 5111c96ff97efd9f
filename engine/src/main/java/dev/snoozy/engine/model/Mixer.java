package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The half of a layer in which tokens learn of one another, in models whose layers differ in it:
 * attention, or something recurrent that keeps a state of fixed size.
 */
interface Mixer {
    /** What it remembers of each position; null if it is recurrent. */
    default CachePlan.@Nullable Heads heads() {
        return null;
    }

    /** Numbers that it keeps of a text, however long; 0 for attention. */
    default int stateLength() {
        return 0;
    }

    /**
     * Goes through the rows of each text in order.
     *
     * @param layer whose memory is read and changed
     * @param x {@code [rows, embedding]}
     * @return the shape of x
     */
    Tensor apply(Batch batch, int layer, Tensor x);

    /** What layers with these mixers remember. */
    static CachePlan plan(List<? extends Mixer> mixers) {
        return new CachePlan(
                mixers.stream().map(Mixer::heads).toArray(CachePlan.Heads[]::new),
                mixers.stream().mapToInt(Mixer::stateLength).toArray());
    }
}
