package dev.snoozy.studio.write;

import org.jspecify.annotations.Nullable;

/** By which an answer in progress is ended, from any thread and at any time. */
public final class Stop {
    private @Nullable Runnable cancel;
    private boolean stopped;

    /** Ends the answer soon, also one that has not begun yet. */
    public void stop() {
        Runnable now;
        synchronized (this) {
            stopped = true;
            now = cancel;
        }
        if (now != null) {
            now.run();
        }
    }

    /** Whether somebody wants the end. */
    public synchronized boolean isStopped() {
        return stopped;
    }

    /** Says how to end it from now on. */
    void with(Runnable way) {
        boolean now;
        synchronized (this) {
            cancel = way;
            now = stopped;
        }
        if (now) {
            way.run();
        }
    }
}
