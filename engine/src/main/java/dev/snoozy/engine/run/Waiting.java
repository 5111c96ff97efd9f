package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting for the scheduler's thread. */
final class Waiting {
    private Waiting() {}

    /**
     * The result, or what went wrong, thrown here.
     *
     * @throws ModelException if this thread was interrupted while it waited; it stays interrupted
     */
    static <T> T on(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted while waiting for the model", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ModelException known) {
                throw new ModelException(String.valueOf(known.getMessage()), known);
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new ModelException("the evaluation failed: " + cause, e);
        }
    }

    /** Waits until a thread has ended, even when interrupted, which is kept for later. */
    static void on(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
