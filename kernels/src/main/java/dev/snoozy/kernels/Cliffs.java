package dev.snoozy.kernels;

import dev.snoozy.kernels.system.HugePages;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What makes a model slower than it need be: each thing once, when it is first met, however often
 * the slow path is taken. Thread-safe.
 */
public final class Cliffs {
    /**
     * One of them.
     *
     * @param found what was found here, in a few words
     */
    public record Report(PerformanceCliff cliff, String found) {
        /** What is slow, why, and the cure, in one line. */
        @Override
        public String toString() {
            return cliff.description() + " (" + found + "); cure: " + cliff.remedy();
        }
    }

    private final List<Report> reports = new ArrayList<>();
    private Consumer<Report> listener = report -> {};

    /** What slows every large model on this machine, before one is loaded. */
    public static List<Report> ofMachine() {
        String obstacle = HugePages.here().obstacle();
        return obstacle == null
                ? List.of()
                : List.of(new Report(PerformanceCliff.NO_HUGE_PAGES, obstacle));
    }

    /** Reports a cliff, unless just this was reported before. */
    public void report(PerformanceCliff cliff, String found) {
        Report report = new Report(cliff, found);
        Consumer<Report> told;
        synchronized (this) {
            if (reports.contains(report)) {
                return;
            }
            reports.add(report);
            told = listener;
        }
        told.accept(report);
    }

    /** What was reported so far. */
    public synchronized List<Report> all() {
        return List.copyOf(reports);
    }

    /** Tells one listener, instead of the one before, what was reported and what will be. */
    public void tell(Consumer<Report> newListener) {
        List<Report> before;
        synchronized (this) {
            listener = newListener;
            before = List.copyOf(reports);
        }
        before.forEach(newListener);
    }
}
