package dev.snoozy.engine.state;

import dev.snoozy.kernels.KvPages;

/**
 * What recurrent layers remember: one page holds all they know of the text. They cannot go back,
 * but to the beginning; a fork shares the page until one of the two goes on.
 */
final class RecurrentCache implements LayerCache {
    private final PagePool pool;
    private final int[] table = {NO_PAGE};
    private int length;

    private RecurrentCache(PagePool pool, int page, int length) {
        this.pool = pool;
        this.length = length;
        table[0] = page;
    }

    /** The state of a text without tokens. */
    static RecurrentCache empty(PagePool pool) {
        return new RecurrentCache(pool, NO_PAGE, 0);
    }

    /** A state that begins as a page which it shares. */
    static RecurrentCache of(PagePool pool, int page, int length) {
        return new RecurrentCache(pool, page, length).fork();
    }

    @Override
    public void extend(int from, int to) {
        truncate(from);
        if (table[0] == NO_PAGE) {
            table[0] = pool.take();
        } else {
            table[0] = from == 0 ? pool.replace(table[0]) : pool.own(table[0]);
        }
        length = to;
    }

    @Override
    public long bytesToExtend(int from, int to) {
        return table[0] == NO_PAGE || pool.isShared(table[0]) ? pool.bytesPerPage() : 0;
    }

    @Override
    public int[] table() {
        return table;
    }

    /** The state belongs to the page of the text in which the text ends, and to no other. */
    @Override
    public int page(int index) {
        return length > 0 && index == (length - 1) / KvPages.PAGE ? table[0] : NO_PAGE;
    }

    @Override
    public boolean canTruncate(int newLength) {
        return newLength == length || newLength == 0;
    }

    @Override
    public void requireTruncate(int newLength) {
        if (!canTruncate(newLength)) {
            throw new IllegalStateException(
                    "a recurrent state cannot go back from "
                            + length
                            + " to "
                            + newLength
                            + " positions; cure: begin the text anew");
        }
    }

    @Override
    public void truncate(int newLength) {
        requireTruncate(newLength);
        length = newLength;
    }

    @Override
    public RecurrentCache fork() {
        if (table[0] != NO_PAGE) {
            pool.share(table[0]);
        }
        return new RecurrentCache(pool, table[0], length);
    }

    @Override
    public long bytes() {
        return table[0] == NO_PAGE ? 0 : pool.bytesPerPage();
    }

    @Override
    public void close() {
        if (table[0] != NO_PAGE) {
            pool.give(table[0]);
        }
        table[0] = NO_PAGE;
        length = 0;
    }
}
