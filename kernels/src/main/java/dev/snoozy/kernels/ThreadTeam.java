package dev.snoozy.kernels;

/** A fixed team of threads. */
public final class ThreadTeam {
    private final int size;

    public ThreadTeam(int size) {
        this.size = size;
    }

    /** Number of threads, the caller's included. */
    public int size() {
        return size;
    }
}
