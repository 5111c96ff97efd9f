package dev.snoozy.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that is asked to stop when the process ends, by Ctrl-C say, and tidies up: the process waits
 * for it a while. Close it when all that is to be said is said.
 */
public final class Interruptible implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private Interruptible(Runnable stop, Duration patience) {
        hook = new Thread(() -> end(stop, patience), "snoozy-interrupt");
    }

    /** From now on until it is closed, the end of the process interrupts this thread. */
    public static Interruptible begin() {
        Thread worker = Thread.currentThread();
        return begin(worker::interrupt, SHORT);
    }

    /**
     * From now on until it is closed, the end of the process stops something.
     *
     * @param stop asks it to end soon; called by another thread
     * @param patience how long the process waits for it at most
     */
    public static Interruptible begin(Runnable stop, Duration patience) {
        Interruptible begun = new Interruptible(stop, patience);
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    private void end(Runnable stop, Duration patience) {
        stop.run();
        try {
            boolean inTime = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            assert inTime;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is about to end: the hook runs already
        }
    }
}
