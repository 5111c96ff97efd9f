package dev.snoozy.cli.hub;

import dev.snoozy.cli.Printable;
import dev.snoozy.cli.Progress;
import dev.snoozy.hub.PullListener;
import dev.snoozy.hub.PullProgress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A pull as a terminal shows it: one line that changes, and notes. Used by one thread. */
public final class PullDisplay implements PullListener, AutoCloseable {
    private static final int LONGEST_NAME = 40;

    private final Progress progress = Progress.of("pulling", 1);
    private final PrintWriter err;
    private final boolean quiet;

    /**
     * A display.
     *
     * @param quiet whether to keep silent
     */
    public PullDisplay(PrintWriter err, boolean quiet) {
        this.err = err;
        this.quiet = quiet;
    }

    @Override
    public void progress(PullProgress at) {
        if (!quiet) {
            progress.line(line(at));
        }
    }

    @Override
    public void note(String what) {
        if (!quiet) {
            progress.close();
            err.println("snoozy: " + Printable.text(what, 400));
        }
    }

    /** The line for a state. */
    static String line(PullProgress at) {
        String file = Printable.text(at.file(), LONGEST_NAME);
        return switch (at.phase()) {
            case WAITING -> "waiting for another download of this model ...";
            case RESOLVING -> "asking ...";
            case DOWNLOADING ->
                    String.format(
                            Locale.ROOT,
                            "%s %3d %%, %s of %s, %s/s, %s left",
                            file,
                            share(at.done(), at.total()),
                            Printable.bytes(at.done()),
                            Printable.bytes(at.total()),
                            Printable.bytes((long) at.bytesPerSecond()),
                            at.left().map(PullDisplay::time).orElse("?"));
            case VERIFYING ->
                    String.format(
                            Locale.ROOT,
                            "%s verifying %3d %%",
                            file,
                            share(at.fileDone(), at.fileTotal()));
            case DONE -> "done";
        };
    }

    private static long share(long done, long total) {
        return total <= 0 ? 0 : (long) (100.0 * done / total);
    }

    /** A duration as people say it: {@code 1 h 05 min}, {@code 3 min 20 s}, {@code 12 s}. */
    static String time(Duration left) {
        long seconds = left.toSeconds();
        if (seconds >= 3600) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
        }
        return seconds >= 60
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : seconds + " s";
    }

    @Override
    public void close() {
        progress.close();
    }
}
