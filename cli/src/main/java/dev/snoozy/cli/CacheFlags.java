package dev.snoozy.cli;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.kernels.CacheType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** How the keys and values of a text are remembered. */
public final class CacheFlags {
    @Option(
            names = "--cache-type",
            paramLabel = "TYPE",
            description =
                    "what the KV cache keeps: f32, f16 or q8_0 (default: f16, and f32 to check"
                            + " against references)")
    private @Nullable String type;

    /** The options with what was asked for, if anything was. */
    public LoadOptions of(LoadOptions options) {
        CacheType wanted = type();
        return wanted == null ? options : options.withCacheType(wanted);
    }

    /** What was asked for, or null. */
    public @Nullable CacheType type() {
        if (type == null) {
            return null;
        }
        return switch (type) {
            case "f32" -> CacheType.F32;
            case "f16" -> CacheType.F16;
            case "q8_0" -> CacheType.Q8_0;
            default ->
                    throw new IllegalArgumentException(
                            "--cache-type: expected f32, f16 or q8_0, found " + type);
        };
    }
}
