package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Something recurrent and attention over the same input, whose results are added (Falcon H1, Zuo et
 * al. 2025).
 */
record SideBySide(Mixer recurrent, Mixer attention) implements Mixer {
    @Override
    public CachePlan.@Nullable Heads heads() {
        return attention.heads();
    }

    @Override
    public int stateLength() {
        return recurrent.stateLength();
    }

    @Override
    public Tensor apply(Batch batch, int layer, Tensor x) {
        Tensor one = recurrent.apply(batch, layer, x);
        return batch.kernels().add(attention.apply(batch, layer, x), one);
    }
}
