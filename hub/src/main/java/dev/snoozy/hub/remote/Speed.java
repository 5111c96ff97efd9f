package dev.snoozy.hub.remote;

import java.util.ArrayDeque;

/** The rate of the last seconds. Used by one thread. */
final class Speed {
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private record Sample(long nanos, long bytes) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    /** Bytes per second, now that so many are there. */
    double at(long nanos, long bytes) {
        if (!samples.isEmpty() && bytes < samples.getLast().bytes()) {
            samples.clear(); // it was begun again
        }
        samples.add(new Sample(nanos, bytes));
        while (nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        double seconds = (nanos - first.nanos()) / 1e9;
        return seconds <= 0 ? 0 : (bytes - first.bytes()) / seconds;
    }
}
