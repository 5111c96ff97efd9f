package dev.snoozy.cli.hub;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work that the user breaks off with Ctrl-C put its things in order: it is interrupted, and
 * the process waits for it a little.
 */
public final class Interruptible implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private Interruptible(Thread worker) {
        hook = new Thread(() -> interrupt(worker), "snoozy-interrupt");
    }

    /** From now on until it is closed, the end of the process interrupts this thread. */
    public static Interruptible begin() {
        Interruptible begun = new Interruptible(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    private void interrupt(Thread worker) {
        worker.interrupt();
        try {
            boolean inTime = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
