package dev.snoozy.compress;

import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The types that a tensor may get when the size of the model is given. */
final class Candidates {
    private static final List<TensorType> ALWAYS =
            List.of(
                    TensorType.Q2_K,
                    TensorType.Q3_K,
                    TensorType.IQ4_XS,
                    TensorType.Q4_K,
                    TensorType.Q5_K,
                    TensorType.Q6_K,
                    TensorType.Q8_0,
                    TensorType.F16);

    /** What is worth it only where the importance of columns is known. */
    private static final List<TensorType> WITH_IMPORTANCE =
            List.of(
                    TensorType.IQ1_S,
                    TensorType.IQ1_M,
                    TensorType.IQ2_XXS,
                    TensorType.IQ2_XS,
                    TensorType.IQ2_S,
                    TensorType.IQ3_XXS,
                    TensorType.IQ3_S);

    private Candidates() {}

    /**
     * The types of a tensor: those whose blocks fit its rows and that make it smaller, and its own.
     *
     * @param options whose overrides leave no choice
     */
    static List<TensorType> of(TensorInfo tensor, QuantizeOptions options) {
        long row = tensor.shape().getFirst();
        for (QuantizeOptions.Override override : options.overrides()) {
            if (override.pattern().matcher(tensor.name()).find()) {
                return List.of(Mixture.fitting(override.type(), row));
            }
        }
        List<TensorType> wanted = new ArrayList<>(ALWAYS);
        if (QuantizePlan.importance(options.importance(), tensor) != null) {
            wanted.addAll(WITH_IMPORTANCE);
        }
        Set<TensorType> types = new LinkedHashSet<>();
        for (TensorType type : wanted) {
            TensorType fitting = Mixture.fitting(type, row);
            if (bytes(tensor, fitting) < tensor.bytes()) {
                types.add(fitting);
            }
        }
        types.add(tensor.type());
        return List.copyOf(types);
    }

    static long bytes(TensorInfo tensor, TensorType type) {
        return TensorInfo.of(tensor.name(), type, tensor.shape()).bytes();
    }
}
