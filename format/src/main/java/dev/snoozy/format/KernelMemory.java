package dev.snoozy.format;

/**
 * The memory that kernels take for what a model consists of. Only they know it; a {@link
 * MemoryNeed} adds it up. Implementations are immutable.
 */
public interface KernelMemory {
    /**
     * Bytes of a weight {@code [experts, rows, columns]} as it is packed for products; 0 if
     * products read the blocks of its file.
     *
     * @param experts number of matrices; 1 if it is no mixture
     */
    long packed(TensorType type, long experts, long rows, long columns);

    /** Bytes of a page of a layer's keys and values, which holds {@link MemoryNeed#PAGE}. */
    long page(int kvHeads, int keyLength, int valueLength);

    /** Threads that compute. */
    int threads();
}
