package dev.snoozy.compress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Threads that share work whose results are wanted in order. Whoever makes them closes them. */
final class Workers implements AutoCloseable {
    private final ExecutorService threads;

    Workers(int count) {
        threads =
                Executors.newFixedThreadPool(
                        count, Thread.ofPlatform().daemon().name("measure-", 0).factory());
    }

    /**
     * The results for 0 to {@code count - 1}, in this order.
     *
     * @param done is told on the calling thread how many there are
     */
    <T> List<T> each(int count, IntFunction<T> work, IntConsumer done) {
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int item = i;
            running.add(threads.submit(() -> work.apply(item)));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : running) {
            results.add(result(each));
            done.accept(results.size());
        }
        return results;
    }

    private static <T> T result(Future<T> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while errors were measured", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close(); // the source is unmapped after this: nobody may read it any more
    }
}
