package dev.snoozy.cli;

import java.util.Locale;

/**
 * A line on stderr that says what takes its time, how far it is and how long it will last. Only
 * where stderr is a terminal; gone when closed. Used by one thread.
 */
public final class Progress implements AutoCloseable {
    private static final long INTERVAL = 100_000_000L;
    private static final boolean TERMINAL =
            System.console() != null
                    && System.console().isTerminal()
                    && System.getenv("CI") == null;

    private String what;
    private final long total;
    private long start = System.nanoTime();
    private long shown = start - INTERVAL;
    private int width;

    private Progress(String what, long total) {
        this.what = what;
        this.total = total;
    }

    /** Progress toward a total. */
    public static Progress of(String what, long total) {
        return new Progress(what, total);
    }

    /** Progress without a known total: one line while it lasts. */
    public static Progress spinner(String what) {
        Progress progress = new Progress(what, 0);
        progress.show(what + " ...");
        return progress;
    }

    /** Says something else from now on. */
    public void says(String other) {
        what = other;
    }

    /** Something else begins now, whose time is counted from here. */
    public void begins(String other) {
        what = other;
        start = System.nanoTime();
        line(other + " ...");
    }

    /** Says how much is done. */
    public void done(long amount) {
        done(amount, total);
    }

    /** Says how much is done of what has become known. */
    public void done(long amount, long of) {
        long now = System.nanoTime();
        if (now - shown < INTERVAL || of <= 0) {
            return;
        }
        shown = now;
        double seconds = (now - start) / 1e9;
        double left = amount == 0 ? 0 : seconds / amount * (of - amount);
        show(String.format(Locale.ROOT, "%s %3d %%, %.0f s left", what, 100 * amount / of, left));
    }

    /** Shows a line that says everything by itself. */
    public void line(String text) {
        long now = System.nanoTime();
        if (now - shown >= INTERVAL) {
            shown = now;
            show(text);
        }
    }

    private void show(String text) {
        if (TERMINAL) {
            String line = Printable.line(text); // it may name files
            System.err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            System.err.flush();
            width = line.length();
        }
    }

    @Override
    public void close() {
        if (TERMINAL && width > 0) {
            System.err.print("\r" + " ".repeat(width) + "\r");
            System.err.flush();
            width = 0;
        }
    }
}
