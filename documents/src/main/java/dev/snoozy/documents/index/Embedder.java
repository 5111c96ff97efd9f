package dev.snoozy.documents.index;

import java.util.List;

/** Turns passages and questions into vectors. Thread-safe. */
public interface Embedder {
    /** What tells this embedder from others: vectors of another are made anew. */
    String id();

    /** Length of a vector. */
    int dimensions();

    /** The most tokens that a text may have. */
    int contextLength();

    /** How many tokens a text has. */
    int tokens(String text);

    /**
     * The vectors of passages, in their order, each of length 1.
     *
     * @return {@code [passages, dimensions]}
     */
    List<float[]> passages(List<String> texts);

    /**
     * The vector of a question.
     *
     * @return {@code [dimensions]}
     */
    float[] question(String text);
}
