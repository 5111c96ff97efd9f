package dev.snoozy.engine.state;

/**
 * What a sequence remembers for the layers of one kind. Used by the scheduler's thread only; closed
 * with its sequence, which frees its memory at once.
 */
public interface LayerCache extends AutoCloseable {
    /** Stands for a page that is not there. */
    int NO_PAGE = -1;

    /**
     * Makes ready to write positions {@code from .. to - 1}. What was remembered from {@code from}
     * on is forgotten.
     */
    void extend(int from, int to);

    /** Bytes that {@link #extend} would take from what is free. */
    long bytesToExtend(int from, int to);

    /** The page table; changes with every {@link #extend}. */
    int[] table();

    /** The page that holds positions {@code 64 index} on, or {@link #NO_PAGE} if it is lost. */
    int page(int index);

    /** Whether {@link #truncate} to this length is possible: a ring may have lost what it needs. */
    boolean canTruncate(int length);

    /**
     * Refuses a length that {@link #truncate} is not possible to.
     *
     * @throws IllegalStateException with the reason
     */
    void requireTruncate(int length);

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
