package dev.snoozy.cli.bench;

import dev.snoozy.cli.CacheFlags;
import dev.snoozy.cli.PrecisionFlags;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.WeightPlacement;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What to measure, and how often. */
final class MeasureFlags {
    private static final List<Integer> PROMPT = List.of(512);
    private static final List<Integer> GENERATE = List.of(128);
    private static final List<Integer> DEPTH = List.of(0);
    private static final List<Integer> SEQUENCES = List.of(1);
    private static final int REPETITIONS = 5;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "N",
            split = ",",
            description = "tokens of prefill, 0 for no such test (default: 512); a list too")
    private @Nullable List<Integer> prompt;

    @Option(
            names = {"-n", "--generate"},
            paramLabel = "N",
            split = ",",
            description = "tokens of decode, 0 for no such test (default: 128); a list too")
    private @Nullable List<Integer> generate;

    @Option(
            names = {"-d", "--depth"},
            paramLabel = "N",
            split = ",",
            description = "tokens in the context before the test (default: 0); a list too")
    private @Nullable List<Integer> depth;

    @Option(
            names = {"-s", "--sequences"},
            paramLabel = "N",
            split = ",",
            description = "texts that decode at the same time (default: 1); a list too")
    private @Nullable List<Integer> sequences;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            split = ",",
            description = "threads that compute (default: one per processor); a list too")
    private @Nullable List<Integer> threads;

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            description = "how often each test is measured, after warming up (default: 5)")
    private @Nullable Integer repetitions;

    @Option(
            names = "--no-warm-up",
            description =
                    "measure from the first time on: what a process does that has just loaded the"
                            + " model")
    private boolean noWarmUp;

    @Mixin private CacheFlags cache = new CacheFlags();

    @Mixin private PrecisionFlags precision = new PrecisionFlags();

    @Option(
            names = "--weights",
            paramLabel = "WHERE",
            description =
                    "packed: in memory; mapped: in the file; auto: packed if the memory allows it"
                            + " (default)")
    private @Nullable WeightPlacement weights;

    @Option(
            names = "--vs",
            paramLabel = "FILE",
            description = "compare with a file of the form that --json prints")
    private @Nullable String peer;

    Plan plan() {
        List<Integer> processors = List.of(Runtime.getRuntime().availableProcessors());
        return Plan.of(
                Objects.requireNonNullElse(prompt, PROMPT),
                Objects.requireNonNullElse(generate, GENERATE),
                Objects.requireNonNullElse(depth, DEPTH),
                Objects.requireNonNullElse(sequences, SEQUENCES),
                Objects.requireNonNullElse(threads, processors),
                !noWarmUp,
                Objects.requireNonNullElse(repetitions, REPETITIONS));
    }

    /** How the model is loaded, but for what the plan says. */
    LoadOptions load() {
        LoadOptions load = precision.of(cache.of(LoadOptions.defaults()));
        return load.withWeights(Objects.requireNonNullElse(weights, WeightPlacement.AUTO));
    }

    /** The peer's file, or null. */
    @Nullable String peer() {
        return peer;
    }

    /** Whether any of these was given. */
    boolean given() {
        return noWarmUp
                || Stream.of(
                                prompt,
                                generate,
                                depth,
                                sequences,
                                threads,
                                repetitions,
                                weights,
                                peer,
                                cache.type())
                        .anyMatch(Objects::nonNull);
    }
}
