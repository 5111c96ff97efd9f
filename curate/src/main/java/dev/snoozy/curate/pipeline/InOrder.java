package dev.snoozy.curate.pipeline;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work on things by several threads, whose results come back in the order of the things. Few of
 * them are on their way at a time. One thread gives and takes.
 */
final class InOrder<T, R> implements AutoCloseable {
    private static final int BATCH = 128;
    private static final int BATCH_CHARACTERS = 1 << 20;

    /** Takes a result. */
    @FunctionalInterface
    interface Taker<R> {
        void take(R result) throws IOException, InterruptedException;
    }

    private final Function<T, R> work;
    private final Taker<R> taker;
    private final int window;
    private final ExecutorService team;
    private final Deque<Future<List<R>>> underway = new ArrayDeque<>();
    private List<T> batch = new ArrayList<>();
    private long characters;

    InOrder(int threads, Function<T, R> work, Taker<R> taker) {
        this.work = work;
        this.taker = taker;
        this.window = 2 * threads;
        this.team = Executors.newFixedThreadPool(threads);
    }

    /**
     * Gives a thing.
     *
     * @param size of it in characters: large ones are not gathered
     */
    void add(T thing, int size) throws IOException, InterruptedException {
        batch.add(thing);
        characters += size;
        if (batch.size() >= BATCH || characters >= BATCH_CHARACTERS) {
            send();
        }
    }

    private void send() throws IOException, InterruptedException {
        List<T> things = batch;
        batch = new ArrayList<>();
        characters = 0;
        while (underway.size() >= window) {
            take();
        }
        underway.add(
                team.submit(() -> {
                    List<R> results = new ArrayList<>(things.size());
                    for (T thing : things) {
                        results.add(work.apply(thing));
                    }
                    return results;
                }));
    }

    private void take() throws IOException, InterruptedException {
        List<R> results;
        try {
            results = underway.remove().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("work on rows failed: " + e.getCause(), e.getCause());
        }
        for (R result : results) {
            taker.take(result);
        }
    }

    /** Waits for all that was given. */
    void finish() throws IOException, InterruptedException {
        if (!batch.isEmpty()) {
            send();
        }
        while (!underway.isEmpty()) {
            take();
        }
    }

    @Override
    public void close() {
        team.shutdownNow();
        team.close();
    }
}
