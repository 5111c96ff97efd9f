package dev.snoozy.documents.index;

import java.util.List;

/** Judges how well passages answer a question, reading both together. Thread-safe. */
@FunctionalInterface
public interface Reranker {
    /**
     * A judgement of each passage; the higher, the better.
     *
     * @return {@code [passages]}
     */
    float[] judge(String question, List<String> passages);
}
