package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Has files read by worker processes: each with bounds on memory, time and output, without network.
 * Workers are started when they are needed, used again, and replaced when a file has broken one.
 *
 * <p>Thread-safe: as many files are read at a time as there are workers, others wait. Whoever makes
 * it closes it, which ends the workers.
 */
public final class Extractor implements AutoCloseable {
    private final ExtractionLimits limits;
    private final Semaphore free;
    private final Deque<WorkerProcess> idle = new ArrayDeque<>();
    private final Set<WorkerProcess> busy = new HashSet<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("snoozy-documents-clock").factory());

    /** If the program is stopped from outside, the workers' folders go too. */
    private final Thread atExit = new Thread(this::endWorkers, "snoozy-documents-exit");

    private boolean closed;

    /**
     * An extractor that starts no worker yet.
     *
     * @param workers that may run at a time, at least 1
     */
    public Extractor(ExtractionLimits limits, int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers: expected at least 1, found " + workers);
        }
        this.limits = limits;
        free = new Semaphore(workers, true);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a worker ahead of the first file. */
    public void warmUp() throws ExtractionException, InterruptedException {
        free.acquire();
        try {
            giveBack(take());
        } finally {
            free.release();
        }
    }

    /**
     * Reads a file.
     *
     * @throws ExtractionException if its text cannot be had, with the reason
     * @throws InterruptedException if the thread is interrupted while it waits for a worker
     */
    public ExtractedDocument extract(Path file) throws ExtractionException, InterruptedException {
        checkFile(file);
        free.acquire();
        try {
            return extract(file.toAbsolutePath(), take());
        } finally {
            free.release();
        }
    }

    private void checkFile(Path file) throws ExtractionException {
        if (!Files.isRegularFile(file)) {
            throw new ExtractionException(Reason.SYSTEM, "expected a file, found none: " + file);
        }
        try {
            long bytes = Files.size(file);
            if (bytes > limits.fileBytes()) {
                throw new ExtractionException(
                        Reason.LIMIT,
                        "the file has %d bytes; at most %d are read"
                                .formatted(bytes, limits.fileBytes()));
            }
        } catch (IOException e) {
            throw new ExtractionException(Reason.SYSTEM, "cannot be read: " + e.getMessage());
        }
    }

    private ExtractedDocument extract(Path file, WorkerProcess worker) throws ExtractionException {
        boolean sound = false;
        try {
            ExtractedDocument document = worker.read(file, limits);
            sound = true;
            return document;
        } catch (ExtractionException e) {
            sound = e.reason() != Reason.LIMIT;
            throw e;
        } catch (IOException e) {
            if (isClosed() || worker.wasStopped()) {
                throw new ExtractionException(
                        Reason.SYSTEM, "the process that reads documents was stopped");
            }
            throw new ExtractionException(
                    Reason.LIMIT,
                    "reading it ended the process that reads documents: the file is broken, or"
                            + " wants more than %d MB of memory".formatted(limits.heapMegabytes()));
        } finally {
            if (sound) {
                giveBack(worker);
            } else {
                discard(worker);
            }
        }
    }

    private WorkerProcess take() throws ExtractionException {
        WorkerProcess found = idle();
        if (found != null) {
            return found;
        }
        WorkerProcess started = WorkerProcess.start(limits.heapMegabytes(), clock);
        synchronized (this) {
            if (!closed) {
                busy.add(started);
                return started;
            }
        }
        started.close();
        throw new ExtractionException(Reason.SYSTEM, "the extractor is closed");
    }

    private synchronized @Nullable WorkerProcess idle() {
        while (!idle.isEmpty()) {
            WorkerProcess worker = idle.pop();
            if (worker.isAlive()) {
                busy.add(worker);
                return worker;
            }
            worker.close();
        }
        return null;
    }

    private synchronized void giveBack(WorkerProcess worker) {
        busy.remove(worker);
        if (closed || !worker.isAlive()) {
            worker.close();
        } else {
            idle.push(worker);
        }
    }

    private void discard(WorkerProcess worker) {
        synchronized (this) {
            busy.remove(worker);
        }
        worker.close();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void endWorkers() {
        closed = true;
        idle.forEach(WorkerProcess::close);
        idle.clear();
        busy.forEach(WorkerProcess::close); // whoever waits for one is told that it ended
        busy.clear();
    }

    @Override
    public void close() {
        endWorkers();
        clock.shutdownNow();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending: the hook runs, and finds nothing to do.
        }
    }
}
