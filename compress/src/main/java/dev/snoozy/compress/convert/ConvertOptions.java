package dev.snoozy.compress.convert;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * How a checkpoint is converted.
 *
 * @param type of the matrices
 * @param pre name of the pre-tokenizer, or null to find it out
 * @param ignored keys of config.json that change nothing, as the user knows
 * @param progress is told how it goes
 */
public record ConvertOptions(
        OutputType type, @Nullable String pre, Set<String> ignored, Progress progress) {
    public ConvertOptions {
        ignored = Set.copyOf(ignored);
    }

    /** Is told how a conversion goes. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Bytes were written.
         *
         * @param bytes so far
         * @param total bytes of all tensors
         */
        void written(long bytes, long total);
    }

    /** Numbers stay what they are. */
    public static ConvertOptions defaults() {
        return new ConvertOptions(OutputType.AUTO, null, Set.of(), (bytes, total) -> {});
    }

    public ConvertOptions withType(OutputType wanted) {
        return new ConvertOptions(wanted, pre, ignored, progress);
    }
}
