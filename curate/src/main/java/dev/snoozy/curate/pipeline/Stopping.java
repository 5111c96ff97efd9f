package dev.snoozy.curate.pipeline;

/** Whether somebody has asked to stop. Thread-safe. */
final class Stopping {
    private volatile boolean asked;

    void ask() {
        asked = true;
    }

    void check() throws InterruptedException {
        if (asked || Thread.interrupted()) {
            throw new InterruptedException("stopped");
        }
    }
}
