package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Json;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a conformance run found. Failures are printed as they come, with what was expected and
 * found; at the end a closing line, or all of it as JSON. Used by one thread.
 */
final class Report {
    private enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    private record Entry(String name, String outcome, String detail, Map<String, Object> figures) {}

    private final PrintWriter out;
    private final boolean json;
    private final List<Entry> entries = new ArrayList<>();
    private final int[] counts = new int[Outcome.values().length];

    Report(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void pass(String name, Map<String, Object> figures) {
        add(Outcome.PASSED, name, "", figures);
    }

    void pass(String name) {
        pass(name, Map.of());
    }

    void fail(String name, String detail, Map<String, Object> figures) {
        add(Outcome.FAILED, name, detail, figures);
        if (!json) {
            out.println("FAILED " + name);
            detail.lines().forEach(line -> out.println("    " + line));
        }
    }

    void fail(String name, String detail) {
        fail(name, detail, Map.of());
    }

    void fail(String name, String what, Object expected, Object found) {
        fail(name, what + "\nexpected " + expected + "\nfound    " + found);
    }

    void skip(String name, String why) {
        add(Outcome.SKIPPED, name, why, Map.of());
        if (!json) {
            out.println("skipped " + name + ": " + why);
        }
    }

    private void add(Outcome outcome, String name, String detail, Map<String, Object> figures) {
        counts[outcome.ordinal()]++;
        entries.add(new Entry(name, outcome.name().toLowerCase(Locale.ROOT), detail, figures));
    }

    /**
     * Prints the end and gives the exit code: 1 if anything failed, or nothing was there to check.
     */
    int finish() {
        int passed = counts[Outcome.PASSED.ordinal()];
        int failed = counts[Outcome.FAILED.ordinal()];
        int skipped = counts[Outcome.SKIPPED.ordinal()];
        if (json) {
            out.println(
                    Json.write(
                            Map.of(
                                    "passed", passed,
                                    "failed", failed,
                                    "skipped", skipped,
                                    "cases", entries)));
        } else {
            String line = passed + " passed, " + failed + " failed";
            out.println(skipped == 0 ? line : line + ", " + skipped + " skipped");
        }
        out.flush();
        return failed > 0 ? 1 : 0;
    }

    int passed() {
        return counts[Outcome.PASSED.ordinal()];
    }

    int failed() {
        return counts[Outcome.FAILED.ordinal()];
    }
}
