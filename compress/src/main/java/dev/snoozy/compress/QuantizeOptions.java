package dev.snoozy.compress;

import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.compress.quantize.Encoders;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a model is to be quantized.
 *
 * @param mixture the types, by the rules of a mixture or one for all
 * @param overrides types of single tensors; the first that fits a name decides
 * @param importance how much errors matter, null if that is not known
 * @param importanceFile what the file says it was made with, empty if there is none
 * @param allowRequantize whether weights that are quantized already may be quantized again
 * @param threads how many work at once
 */
public record QuantizeOptions(
        Mixture mixture,
        List<Override> overrides,
        @Nullable ImportanceMatrix importance,
        String importanceFile,
        boolean allowRequantize,
        int threads) {
    public QuantizeOptions {
        overrides = List.copyOf(overrides);
        if (threads < 1) {
            throw new IllegalArgumentException("expected 1 or more threads, found " + threads);
        }
    }

    /** Options with nothing but a mixture, for all processors. */
    public QuantizeOptions(Mixture mixture) {
        this(mixture, List.of(), null, "", false, Runtime.getRuntime().availableProcessors());
    }

    /** The types that can be written. */
    public static Set<TensorType> types() {
        return Encoders.types();
    }

    /**
     * The type of the tensors whose names contain a match of a pattern.
     *
     * @param pattern what to look for
     * @param type what they get
     */
    public record Override(Pattern pattern, TensorType type) {}
}
