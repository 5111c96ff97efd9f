package dev.snoozy.engine;

import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.kernels.Cliffs;

/** Is told how the loading of a model goes. */
public interface LoadListener {
    /** Says nothing. */
    LoadListener SILENT = new LoadListener() {};

    /**
     * The memory that the model needs and what there is, before its weights are loaded; called on
     * the thread that loads.
     *
     * @param contextLength the most tokens of a text
     */
    default void memory(MemoryNeed need, MemoryLimits limits, int contextLength) {}

    /**
     * Weights were packed; called on the thread that loads.
     *
     * @param bytes packed so far
     * @param total bytes to be packed
     */
    default void packed(long bytes, long total) {}

    /**
     * Something makes the model slower than it need be. Each thing is told once: while the model is
     * loaded, or when it is first met, on the thread that meets it.
     */
    default void slow(Cliffs.Report report) {}
}
