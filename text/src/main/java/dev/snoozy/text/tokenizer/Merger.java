package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/**
 * Merges neighbouring symbols, best pair first, leftmost first among equals, until no pair is left.
 * Serves SentencePiece and byte-level BPE, which differ in how they rate a pair.
 *
 * <p>A heap holds a candidate per pair; a candidate whose pair has changed meanwhile is dropped
 * when it comes up. n symbols take O(n log n) steps, so a megabyte without a break is no trouble.
 * Used by one thread at a time.
 */
final class Merger {
    /** The answer of {@link Pairs} for two symbols that do not merge. */
    static final long NONE = -1;

    /** Which pairs merge, and into what. */
    interface Pairs {
        /**
         * Rates a pair.
         *
         * @param from where the left symbol starts in the text, in bytes
         * @param to where the right symbol ends
         * @return {@link #pair}, or {@link #NONE}
         */
        long rate(int left, int right, int from, int to);
    }

    private final Pairs pairs;

    private int[] symbol = new int[64];
    private int[] start = new int[65];
    private int[] next = new int[64];
    private int[] previous = new int[64];
    private long[] pair = new long[64];
    private int size;

    private long[] heap = new long[128];
    private int heapSize;

    Merger(Pairs pairs) {
        this.pairs = pairs;
    }

    /**
     * The rating of a pair.
     *
     * @param priority the smallest is merged first
     * @param symbol what the pair becomes, at least 0
     */
    static long pair(int priority, int symbol) {
        return (long) priority << 32 | symbol;
    }

    void clear() {
        size = 0;
    }

    /** Appends a symbol that stands for the text from {@code from} to {@code to}, in bytes. */
    void add(int id, int from, int to) {
        if (size == symbol.length) {
            int larger = Math.multiplyExact(size, 2);
            symbol = Arrays.copyOf(symbol, larger);
            start = Arrays.copyOf(start, larger + 1);
            next = Arrays.copyOf(next, larger);
            previous = Arrays.copyOf(previous, larger);
            pair = Arrays.copyOf(pair, larger);
        }
        symbol[size] = id;
        start[size] = from;
        start[size + 1] = to;
        next[size] = size + 1;
        previous[size] = size - 1;
        size++;
    }

    void merge() {
        heapSize = 0;
        for (int i = 0; i < size; i++) {
            rate(i);
        }
        while (heapSize > 0) {
            long candidate = pop();
            int left = (int) candidate;
            if (pair[left] != NONE && pair[left] >> 32 == candidate >> 32) {
                join(left);
            }
        }
    }

    /** The first symbol's position; then {@link #next} until {@link #end}. */
    int first() {
        return 0;
    }

    int next(int position) {
        return next[position];
    }

    int end() {
        return size;
    }

    int symbol(int position) {
        return symbol[position];
    }

    int start(int position) {
        return start[position];
    }

    private void join(int left) {
        int right = next[left];
        symbol[left] = (int) pair[left];
        pair[right] = NONE;
        next[left] = next[right];
        if (next[left] < size) {
            previous[next[left]] = left;
        }
        rate(left);
        if (previous[left] >= 0) {
            rate(previous[left]);
        }
    }

    private void rate(int left) {
        int right = next[left];
        pair[left] = NONE;
        if (right < size) {
            long rated = pairs.rate(symbol[left], symbol[right], start[left], start[next[right]]);
            pair[left] = rated;
            if (rated != NONE) {
                push(rated >> 32 << 32 | left);
            }
        }
    }

    private void push(long candidate) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Math.multiplyExact(heapSize, 2));
        }
        int at = heapSize++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= candidate) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = candidate;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        for (int child = 1; child < heapSize; child = 2 * at + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (last <= heap[child]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
