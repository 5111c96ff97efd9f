package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The chunks of a file and how much of each is there, always from its beginning on. Each is worked
 * at by one thread at a time. Thread-safe.
 */
final class Chunks {
    private final long total;
    private final long size;
    private final long[] done;
    private final boolean[] taken;
    private boolean sequential;

    /** Chunks of which so many bytes each are there. */
    Chunks(long total, long size, long[] done) {
        this.total = total;
        this.size = size;
        this.done = done.clone();
        taken = new boolean[done.length];
    }

    /** Chunks of which nothing is there; few enough that a large file takes few requests. */
    static Chunks of(long total, long least) {
        long size = Math.max(least, (total + 255) / 256);
        return new Chunks(total, size, new long[(int) ((total + size - 1) / size)]);
    }

    long total() {
        return total;
    }

    long size() {
        return size;
    }

    /** The first byte of a chunk. */
    long start(int chunk) {
        return chunk * size;
    }

    /** The byte after the last one of a chunk. */
    long end(int chunk) {
        return Math.min(total, start(chunk) + size);
    }

    int count() {
        return done.length;
    }

    /** The next byte that a chunk lacks. */
    synchronized long position(int chunk) {
        return start(chunk) + done[chunk];
    }

    /** Says that more bytes of a chunk are there. */
    synchronized void add(int chunk, long bytes) {
        done[chunk] += bytes;
    }

    synchronized long[] done() {
        return done.clone();
    }

    synchronized long present() {
        return Arrays.stream(done).sum();
    }

    synchronized boolean isComplete() {
        return present() == total;
    }

    /** A chunk to work at; null if there is none left. */
    synchronized @Nullable Integer take() {
        if (sequential) {
            return null;
        }
        for (int i = 0; i < done.length; i++) {
            if (!taken[i] && position(i) < end(i)) {
                taken[i] = true;
                return i;
            }
        }
        return null;
    }

    /** The file is fetched from its beginning by one thread, which needs no chunk for it. */
    synchronized void beginSequential() {
        sequential = true;
    }
}
