package dev.snoozy.cli.compress;

import dev.snoozy.cli.PrecisionFlags;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Objects;

/** How a model is run that is measured rather than used. */
final class MeasuringFlags {
    private static final String F32 = "f32";
    private static final String EIGHT_BIT = "8bit";

    @Option(
            names = "--activations",
            paramLabel = "TYPE",
            description =
                    "8bit (default), as run computes beside quantized weights, or f32, exact and"
                            + " much slower there")
    private String activations = EIGHT_BIT;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Mixin private PrecisionFlags precision = new PrecisionFlags();

    String activations() {
        return activations;
    }

    int threads() {
        return Objects.requireNonNullElse(threads, LoadOptions.defaults().threads());
    }

    /** Keys and values are kept as exactly as activations are. */
    LoadOptions options() {
        LoadOptions options = LoadOptions.defaults().withThreads(threads()).withPrefixMemory(0);
        return switch (activations) {
            case F32 -> {
                precision.refuse("--activations f32");
                yield options.withPrecision(Precision.F32).withCacheType(CacheType.F32);
            }
            case EIGHT_BIT -> precision.of(options);
            default ->
                    throw new IllegalArgumentException(
                            "--activations: expected f32 or 8bit, found " + activations);
        };
    }
}
