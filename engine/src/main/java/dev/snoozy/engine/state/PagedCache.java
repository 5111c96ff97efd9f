package dev.snoozy.engine.state;

import dev.snoozy.kernels.KvPages;

import java.util.Arrays;

/**
 * A cache in pages, as in virtual memory (Kwon et al. 2023, PagedAttention), of one of two kinds:
 * one that remembers every position, whose table grows, and one that remembers a sliding window,
 * whose table is a ring of a fixed number of pages.
 */
public final class PagedCache implements LayerCache {
    private static final int NO_PAGE = -1;

    private final PagePool pool;
    private final int window;
    private int[] table;
    private int length;
    private int oldestKept; // a page number: what a ring had before was overwritten

    private PagedCache(PagePool pool, int window, int[] table, int length, int oldestKept) {
        this.pool = pool;
        this.window = window;
        this.table = table;
        this.length = length;
        this.oldestKept = oldestKept;
    }

    /** A cache that remembers every position. */
    public static PagedCache full(PagePool pool) {
        return new PagedCache(pool, 0, new int[0], 0, 0);
    }

    /**
     * A cache that remembers the last {@code window} positions before each row of a batch of at
     * most {@code batch} rows.
     */
    public static PagedCache ring(PagePool pool, int window, int batch) {
        int[] table = new int[pages(Math.addExact(window, batch)) + 1];
        Arrays.fill(table, NO_PAGE);
        return new PagedCache(pool, window, table, 0, 0);
    }

    private static int pages(int positions) {
        return (positions + KvPages.PAGE - 1) / KvPages.PAGE;
    }

    @Override
    public void extend(int from, int to) {
        truncate(from);
        int firstPage = from / KvPages.PAGE;
        int lastPage = (to - 1) / KvPages.PAGE;
        if (window == 0 && table.length <= lastPage) {
            int old = table.length;
            table = Arrays.copyOf(table, lastPage + 1);
            Arrays.fill(table, old, table.length, NO_PAGE);
        }
        for (int page = firstPage; page <= lastPage; page++) {
            int slot = page % table.length;
            table[slot] = table[slot] == NO_PAGE ? pool.take() : pool.own(table[slot]);
        }
        length = to;
        oldestKept = Math.max(oldestKept, lastPage - table.length + 1);
    }

    @Override
    public int[] table() {
        return table;
    }

    @Override
    public boolean canTruncate(int newLength) {
        if (newLength >= length || window == 0) {
            return newLength <= length;
        }
        // The next row sees newLength - window + 1 on.
        return Math.max(0, newLength - window + 1) / KvPages.PAGE >= oldestKept;
    }

    @Override
    public void truncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException(
                    "cannot go back from "
                            + length
                            + " to "
                            + newLength
                            + " positions with a window of "
                            + window);
        }
        if (window == 0) {
            int keep = pages(newLength);
            for (int slot = keep; slot < table.length; slot++) {
                pool.give(table[slot]);
            }
            table = table.length == keep ? table : Arrays.copyOf(table, keep);
        }
        length = newLength;
    }

    @Override
    public PagedCache fork() {
        for (int page : table) {
            if (page != NO_PAGE) {
                pool.share(page);
            }
        }
        return new PagedCache(pool, window, table.clone(), length, oldestKept);
    }

    @Override
    public long bytes() {
        return Arrays.stream(table).filter(page -> page != NO_PAGE).count() * pool.bytesPerPage();
    }

    @Override
    public void close() {
        for (int page : table) {
            if (page != NO_PAGE) {
                pool.give(page);
            }
        }
        table = new int[0];
        length = 0;
    }
}
