package dev.snoozy.server.jobs;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A thread for work that ends by itself when it is asked to. Who stops a job interrupts its thread,
 * which would break off the writing of a file there.
 */
public final class JobThread {
    private JobThread() {}

    /**
     * Does work on a thread of its own and waits for it. When the waiting thread is interrupted the
     * work is asked to stop, and what it still does is waited for too.
     *
     * @param name of the thread, behind {@code snoozy-}
     * @param stop asks the work to end soon
     * @throws IOException if the work fails or was stopped, with the reason
     * @throws JobCancelledException if the work throws it
     */
    public static <T> T run(String name, Callable<T> work, Runnable stop) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("snoozy-" + name)
                .start(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        try {
            return result.get();
        } catch (InterruptedException e) {
            stop.run();
            try {
                return result.join();
            } catch (CompletionException broken) {
                throw failure(broken.getCause());
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case JobCancelledException e -> throw e;
            case OutOfMemoryError e ->
                    new IOException(
                            "memory ran out; cure: a smaller model, shorter texts or fewer of them"
                                    + " together",
                            e);
            case Exception e -> new IOException(e.getMessage(), e);
            case null, default -> throw new IllegalStateException(cause);
        };
    }
}
