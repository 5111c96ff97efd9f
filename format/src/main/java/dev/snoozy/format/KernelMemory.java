package dev.snoozy.format;

/**
 * The memory that kernels take for what a model consists of. Only they know it; a {@link
 * MemoryNeed} adds it up. Implementations are immutable.
 */
public interface KernelMemory {
    /**
     * For those who know no kernels: weights as large as in their file, and a cache of numbers of
     * 16 bits.
     */
    KernelMemory UNKNOWN =
            new KernelMemory() {
                @Override
                public long packed(TensorType type, long experts, long rows, long columns) {
                    return 0;
                }

                @Override
                public long page(int kvHeads, int keyLength, int valueLength) {
                    long columns = (long) keyLength + valueLength;
                    return MemoryNeed.PAGE * kvHeads * columns * Short.BYTES;
                }

                @Override
                public int threads() {
                    return 1;
                }
            };

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
