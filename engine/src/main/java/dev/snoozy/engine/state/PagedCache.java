package dev.snoozy.engine.state;

import dev.snoozy.kernels.KvPages;

import java.util.Arrays;

/**
 * A cache in pages, as in virtual memory (Kwon et al. 2023, PagedAttention), of one of two kinds:
 * one that remembers every position, whose table grows, and one that remembers a sliding window,
 * whose table is a ring of a fixed number of pages.
 */
public final class PagedCache implements LayerCache {
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

    /** A cache that remembers every position and begins with these pages, which it shares. */
    static PagedCache full(PagePool pool, int[] pages, int length) {
        return new PagedCache(pool, 0, pages, length, 0).fork();
    }

    /**
     * A ring that begins with pages which it shares.
     *
     * @param pages by their place in the text; those that the window has left need not be there
     */
    static PagedCache ring(PagePool pool, int window, int batch, int[] pages, int length) {
        PagedCache ring = ring(pool, window, batch);
        ring.length = length;
        ring.oldestKept = firstPage(window, length);
        for (int page = ring.oldestKept; page < pages.length; page++) {
            pool.share(pages[page]);
            ring.table[page % ring.table.length] = pages[page];
        }
        return ring;
    }

    /** Pages that hold so many positions. */
    static int pages(int positions) {
        return (positions + KvPages.PAGE - 1) / KvPages.PAGE;
    }

    /** The first page that a row at {@code position} sees through a window. */
    static int firstPage(int window, int position) {
        return Math.max(0, position - window + 1) / KvPages.PAGE;
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
            boolean empty = page * KvPages.PAGE >= from;
            if (table[slot] == NO_PAGE) {
                table[slot] = pool.take();
            } else {
                table[slot] = empty ? pool.replace(table[slot]) : pool.own(table[slot]);
            }
        }
        length = to;
        oldestKept = Math.max(oldestKept, lastPage - table.length + 1);
    }

    @Override
    public long bytesToExtend(int from, int to) {
        int firstPage = from / KvPages.PAGE;
        int lastPage = (to - 1) / KvPages.PAGE;
        int taken = 0;
        if (window == 0) {
            taken = Math.max(0, lastPage + 1 - Math.max(firstPage, table.length));
            lastPage = Math.min(lastPage, table.length - 1);
        } else {
            lastPage = Math.min(lastPage, firstPage + table.length - 1);
        }
        for (int page = firstPage; page <= lastPage; page++) {
            int held = table[page % table.length];
            taken += held == NO_PAGE || pool.isShared(held) ? 1 : 0;
        }
        return taken * pool.bytesPerPage();
    }

    @Override
    public int[] table() {
        return table;
    }

    @Override
    public int page(int index) {
        boolean kept = index >= oldestKept && index < pages(length);
        return kept ? table[index % table.length] : NO_PAGE;
    }

    @Override
    public boolean canTruncate(int newLength) {
        if (newLength >= length || window == 0) {
            return newLength <= length;
        }
        return firstPage(window, newLength) >= oldestKept;
    }

    @Override
    public void requireTruncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException(
                    "cannot go back from "
                            + length
                            + " to "
                            + newLength
                            + " positions with a window of "
                            + window);
        }
    }

    @Override
    public void truncate(int newLength) {
        requireTruncate(newLength);
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
