package dev.snoozy.curate.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work on ranges of rows, shared among threads. */
public final class Work {
    private Work() {}

    /** Something to do with the rows from {@code start} to {@code end}, exclusively. */
    @FunctionalInterface
    public interface Part {
        void run(int start, int end) throws InterruptedException;
    }

    /**
     * Splits rows into ranges of a fixed size, which do not depend on the number of threads.
     *
     * @throws InterruptedException if this thread is interrupted; the parts are then interrupted
     *     too
     */
    public static void split(int rows, int size, int threads, Part part)
            throws InterruptedException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        ExecutorService team = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int start = 0; start < rows; start += size) {
                int from = start;
                int to = Math.min(rows, start + size);
                parts.add(
                        team.submit(() -> {
                            part.run(from, to);
                            return null;
                        }));
            }
            for (Future<?> done : parts) {
                done.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("work on rows failed: " + e.getCause(), e.getCause());
        } finally {
            team.shutdownNow();
            team.close();
        }
    }
}
