package dev.snoozy.engine.state;

/**
 * What a sequence remembers for the layers of one kind. Used by the scheduler's thread only; closed
 * with its sequence, which frees its memory at once.
 */
public interface LayerCache extends AutoCloseable {
    /**
     * Makes ready to write positions {@code from .. to - 1}. What was remembered from {@code from}
     * on is forgotten.
     */
    void extend(int from, int to);

    /** The page table; changes with every {@link #extend}. */
    int[] table();

    /** Whether {@link #truncate} to this length is possible: a ring may have lost what it needs. */
    boolean canTruncate(int length);

    /** Forgets the positions from {@code length} on. */
    void truncate(int length);

    /** A cache with the same content that goes its own way; memory is shared until one writes. */
    LayerCache fork();

    /**
     * The present content, to come back to by {@link #fork} when truncating is not possible. The
     * same as a fork that nobody extends.
     */
    default LayerCache snapshot() {
        return fork();
    }

    /** Bytes of the memory in use; what is shared counts in full. */
    long bytes();

    @Override
    void close();
}
