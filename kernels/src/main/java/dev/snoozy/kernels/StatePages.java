package dev.snoozy.kernels;

import java.util.Arrays;

/**
 * What a recurrent layer remembers of texts: all it knows of one lies in one page, however long the
 * text is. Pages are plain arrays, for any kernels.
 */
public final class StatePages implements CachePages {
    private static final float[] NOTHING = {};

    private final int length;
    private float[][] pages = {};

    /** Pages of so many floats. */
    public StatePages(int length) {
        this.length = length;
    }

    @Override
    public void reserve(int count) {
        int old = pages.length;
        if (count > old) {
            pages = Arrays.copyOf(pages, count);
            Arrays.fill(pages, old, count, NOTHING);
        }
    }

    /** The numbers of a page, to be read and changed. */
    float[] page(int page) {
        if (pages[page].length == 0) {
            pages[page] = new float[length];
        }
        return pages[page];
    }

    @Override
    public void copy(int from, int to) {
        System.arraycopy(page(from), 0, page(to), 0, length);
    }

    @Override
    public long bytesPerPage() {
        return (long) length * Float.BYTES;
    }

    @Override
    public void close() {
        pages = new float[0][];
    }
}
