package dev.snoozy.kernels;

/**
 * The keys and values of one layer, in pages of {@link #PAGE} positions. A page belongs to one
 * sequence, or is shared by several that have the same beginning; who owns which page is the
 * engine's affair.
 *
 * <p>Not thread-safe: used by the thread that runs the operations. Closed by its owner.
 */
public interface KvPages extends AutoCloseable {
    /** Positions per page. Attention sums in tiles of the same size, so it is part of a result. */
    int PAGE = 64;

    /** Positions whose soft-max is summed for itself before it is added to what came before. */
    int SEGMENT = 512;

    /** Makes room for pages {@code 0 .. pages - 1}; existing pages keep their content. */
    void reserve(int pages);

    /**
     * Copies the content of one page to another: a shared page that one sequence goes on writing.
     */
    void copy(int from, int to);

    /** Bytes of one page, keys and values together. */
    long bytesPerPage();

    @Override
    void close();
}
