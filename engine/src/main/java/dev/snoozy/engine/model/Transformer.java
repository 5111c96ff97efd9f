package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Tensor;

import java.util.Optional;

/**
 * A network with its weights. Immutable: everything that belongs to a text is in the batch. Called
 * by the scheduler's thread only.
 */
public interface Transformer {
    /** What the layers remember. */
    CachePlan cachePlan();

    /** The head that judges pairs of texts, if the file has one. */
    default Optional<RankHead> rankHead() {
        return Optional.empty();
    }

    /**
     * Evaluates a batch.
     *
     * @return the state after the last norm, {@code [outputs, embedding]}, of the rows that asked
     *     for it
     */
    Tensor hidden(Batch batch);

    /**
     * The scores of the next token.
     *
     * @param hidden {@code [rows, embedding]}
     * @return {@code [rows, vocabulary]}
     * @throws dev.snoozy.engine.ModelException if the network is an encoder, which has none
     */
    Tensor logits(Batch batch, Tensor hidden);
}
