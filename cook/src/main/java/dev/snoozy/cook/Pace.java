package dev.snoozy.cook;

import java.util.Locale;

/** How far something is, and how long the rest takes at the pace so far. */
final class Pace {
    private static final double PERCENT = 100;

    private long start = System.nanoTime();

    void begin() {
        start = System.nanoTime();
    }

    /** Such as ", 43 %, 12 s left"; nothing if nobody knows how much there is. */
    String text(long done, long all) {
        if (all <= 0 || done <= 0) {
            return "";
        }
        double part = Math.min(1, (double) done / all);
        double seconds = (System.nanoTime() - start) / 1e9;
        return String.format(
                Locale.ROOT,
                ", %.0f %%, %s left",
                PERCENT * part,
                Estimate.time(seconds / part - seconds));
    }
}
