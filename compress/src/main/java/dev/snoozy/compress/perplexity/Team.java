package dev.snoozy.compress.perplexity;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Threads that share the work on many rows. */
final class Team implements AutoCloseable {
    private final ExecutorService threads;

    Team(int size) {
        threads =
                Executors.newFixedThreadPool(
                        size, Thread.ofPlatform().daemon().name("snoozy-scores-", 0).factory());
    }

    /** The results for 0 to {@code count - 1}, in this order. */
    <T> List<T> each(int count, Function<Integer, T> work) {
        List<Future<T>> running =
                IntStream.range(0, count)
                        .mapToObj(i -> threads.submit(() -> work.apply(i)))
                        .toList();
        return running.stream().map(Team::result).toList();
    }

    private static <T> T result(Future<T> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while scores were computed", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
