package dev.snoozy.kernels;

/**
 * Memory of one layer in pages of one size. A page belongs to one sequence, or is shared by several
 * that have the same beginning; who owns which page is the engine's affair.
 *
 * <p>Not thread-safe: used by the thread that runs the operations. Closed by its owner.
 */
public interface CachePages extends AutoCloseable {
    /** Makes room for pages {@code 0 .. pages - 1}; existing pages keep their content. */
    void reserve(int pages);

    /**
     * Copies the content of one page to another: a shared page that one sequence goes on writing.
     */
    void copy(int from, int to);

    /** Bytes of one page. */
    long bytesPerPage();

    @Override
    void close();
}
