package dev.snoozy.compress;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The types that were chosen for a size.
 *
 * @param options to quantize with
 * @param tensors what was chosen among, in the order of the file
 * @param divergence that is expected of the result, if the probe was measured; else null
 * @param fileBytes of the whole file
 */
public record TargetChoice(
        QuantizeOptions options,
        List<Tensor> tensors,
        @Nullable Double divergence,
        long fileBytes) {
    public TargetChoice {
        tensors = List.copyOf(tensors);
    }

    /**
     * A tensor.
     *
     * @param error squared, of its type, relative to the squares of its elements
     * @param weight of that error in the sum that was made small
     */
    public record Tensor(String name, TensorType type, double error, double weight) {
        /** What it adds to the sum. */
        public double loss() {
            return weight * error;
        }
    }
}
