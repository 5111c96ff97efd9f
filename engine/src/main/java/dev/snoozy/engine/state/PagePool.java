package dev.snoozy.engine.state;

import dev.snoozy.format.MemoryNeed;
import dev.snoozy.kernels.CachePages;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The pages of all layers that remember the same positions. Page {@code p} of the pool is page
 * {@code p} of each of its layers, so one page table serves them all. Pages are counted: several
 * sequences with the same beginning share them.
 *
 * <p>Used by the scheduler's thread only, which also closes it.
 */
public final class PagePool implements AutoCloseable {
    private final List<CachePages> layers;
    private final long bytesPerPage;
    private final Deque<Integer> free = new ArrayDeque<>();
    private int[] owners = {};

    /** A pool over the pages of some layers, empty at first; it grows as sequences do. */
    public PagePool(List<? extends CachePages> layers) {
        this.layers = List.copyOf(layers);
        bytesPerPage = layers.stream().mapToLong(CachePages::bytesPerPage).sum();
    }

    /** A page with one owner. Its content is whatever it was. */
    int take() {
        if (free.isEmpty()) {
            int old = owners.length;
            int size = MemoryNeed.grown(old);
            layers.forEach(layer -> layer.reserve(size));
            owners = Arrays.copyOf(owners, size);
            for (int page = old; page < size; page++) {
                free.add(page);
            }
        }
        int page = free.remove();
        owners[page] = 1;
        return page;
    }

    /** One more owner. */
    void share(int page) {
        owners[page]++;
    }

    /** One owner less; without owners a page is free. */
    void give(int page) {
        if (--owners[page] == 0) {
            free.push(page);
        }
    }

    /** A page with the same content that has no other owner; the caller gives up the given one. */
    int own(int page) {
        if (owners[page] == 1) {
            return page;
        }
        int copy = take();
        layers.forEach(layer -> layer.copy(page, copy));
        give(page);
        return copy;
    }

    /** A page that has no other owner, with any content; the caller gives up the given one. */
    int replace(int page) {
        if (owners[page] == 1) {
            return page;
        }
        int fresh = take();
        give(page);
        return fresh;
    }

    /** Whether a page has several owners. */
    boolean isShared(int page) {
        return owners[page] > 1;
    }

    /** Pages that have an owner. */
    public int pagesInUse() {
        return owners.length - free.size();
    }

    /** Bytes of the pages that have an owner. */
    long bytesInUse() {
        return pagesInUse() * bytesPerPage;
    }

    long bytesPerPage() {
        return bytesPerPage;
    }

    @Override
    public void close() {
        layers.forEach(CachePages::close);
    }
}
