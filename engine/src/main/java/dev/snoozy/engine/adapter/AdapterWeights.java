package dev.snoozy.engine.adapter;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The matrices of a LoRA adapter (Hu et al. 2021), bound to the weights of a model: {@code y = W x
 * + scale B (A x)}. In F32, in memory that the collector frees. Immutable.
 */
public final class AdapterWeights {
    /**
     * What is added for one weight.
     *
     * @param a {@code [rank, in]}; for a table that is looked up {@code [rows, rank]}
     * @param b {@code [out, rank]}
     */
    record Delta(Tensor a, Tensor b) {}

    private final Map<Tensor, Delta> deltas = new IdentityHashMap<>();
    private final float scale;
    private final List<Tensor> tensors = new ArrayList<>();

    /**
     * Binds the matrices of a file. Called by the thread that runs the kernels.
     *
     * @param weights of the model by their names
     */
    public AdapterWeights(AdapterFile file, Map<String, Tensor> weights, Kernels kernels) {
        scale = file.scale();
        for (AdapterFile.Pair pair : file.pairs()) {
            Tensor a = weight(pair.a(), kernels);
            Tensor b = weight(pair.b(), kernels);
            deltas.put(weights.get(pair.weight()), new Delta(a, b));
            if (!pair.isTable()) {
                tensors.add(a);
            }
            tensors.add(b);
        }
        kernels.packApart(tensors, true);
    }

    private static Tensor weight(AdapterFile.Matrix matrix, Kernels kernels) {
        MemorySegment memory =
                Arena.ofAuto().allocate((long) matrix.values().length * Float.BYTES, 64);
        MemorySegment.copy(
                matrix.values(), 0, memory, AdapterFile.FLOAT, 0, matrix.values().length);
        long[] shape = {matrix.rows(), matrix.columns()};
        return kernels.weight(TensorType.F32, shape, memory);
    }

    /** Gives back copies that kernels have made. Called by the thread that runs the kernels. */
    public void forget(Kernels kernels) {
        kernels.packApart(tensors, false);
    }

    /** What the adapter itself scales its deltas by. */
    float scale() {
        return scale;
    }

    /** What is added for a weight, or null for nothing. */
    @Nullable Delta delta(Tensor weight) {
        return deltas.get(weight);
    }
}
