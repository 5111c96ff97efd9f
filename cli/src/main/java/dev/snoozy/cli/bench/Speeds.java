package dev.snoozy.cli.bench;

import dev.snoozy.engine.LoadOptions;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * How fast a model is in the two usual tests, as {@code snoozy bench} measures it.
 *
 * @param prefill tokens per second of pp512
 * @param decode tokens per second of tg128
 */
public record Speeds(double prefill, double decode) {
    private static final int REPETITIONS = 3;

    /**
     * Measures, with the medians of three repetitions after warming up.
     *
     * @param notes is told what makes a figure doubtful
     */
    public static Speeds of(Path file, int threads, PrintWriter notes) throws IOException {
        Plan plan =
                Plan.of(
                        List.of(512),
                        List.of(128),
                        List.of(0),
                        List.of(1),
                        List.of(threads),
                        true,
                        REPETITIONS);
        List<BenchReport.Result> results =
                Measurement.of(file, plan, LoadOptions.defaults(), notes).results();
        return new Speeds(results.getFirst().median(), results.getLast().median());
    }
}
