package dev.snoozy.engine;

import java.util.List;

/**
 * A text under the hand of the caller, who appends tokens and reads the model's scores: for
 * measuring models rather than for writing with them.
 *
 * <p>Used by one thread at a time. Close it to free its memory, before the model.
 */
public interface Evaluation extends AutoCloseable {
    /**
     * Appends tokens.
     *
     * @param tokens ids, at least one
     * @param all whether the scores after every token are wanted, or after the last one only
     * @return {@code [1 or tokens, vocabulary]} scores of the next token, before any soft-max
     * @throws ModelException if the tokens do not fit into the context
     */
    List<float[]> append(int[] tokens, boolean all);

    /** Tokens so far. */
    int position();

    /**
     * Goes back to {@code length} tokens.
     *
     * @throws ModelException if the model's sliding window has lost what it needs for that
     */
    void truncate(int length);

    /** A copy that goes its own way; both share memory until one of them writes. */
    Evaluation fork();

    @Override
    void close();
}
