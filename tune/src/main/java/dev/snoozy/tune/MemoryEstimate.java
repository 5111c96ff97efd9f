package dev.snoozy.tune;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Map;

/** The memory that training takes, from the shapes alone. */
public final class MemoryEstimate {
    /** Two matrices, their gradients and two moments in F64, and a copy in F32. */
    private static final int BYTES_PER_PARAMETER = 4 * Double.BYTES + Float.BYTES;

    /** The program, its code and what is small. */
    private static final long BESIDE = 256L << 20;

    private MemoryEstimate() {}

    /**
     * Bytes of all that is in memory at the same time.
     *
     * @param parameters that are trained
     * @param tokens that are evaluated together
     */
    static long of(GgufFile base, Learner learner, long parameters, int tokens) {
        long weights = 0;
        for (TensorInfo tensor : base.tensors()) {
            weights += tensor.bytes();
        }
        long widest = 0;
        long vocabulary = 0;
        for (Map.Entry<String, Tensor> weight : learner.network().multiplied().entrySet()) {
            widest = Math.max(widest, weight.getValue().columns());
            if (!weight.getKey().startsWith("blk.")) {
                vocabulary = Math.max(vocabulary, weight.getValue().rows());
            }
        }
        return of(
                new Shape(
                        weights,
                        learner.network().layers(),
                        learner.network().embedding(),
                        columns(learner),
                        widest,
                        vocabulary),
                parameters,
                tokens);
    }

    /**
     * What of a model matters for the memory of its training.
     *
     * @param weights bytes of all of them
     * @param layers of it
     * @param embedding width of a token between layers
     * @param layerOutputs columns of the results of all products of a layer
     * @param widest columns of the widest matrix
     * @param vocabulary tokens
     */
    public record Shape(
            long weights,
            int layers,
            int embedding,
            long layerOutputs,
            long widest,
            long vocabulary) {}

    /**
     * The same for a model that need not be there.
     *
     * @param parameters that are trained
     * @param tokens that are evaluated together
     */
    public static long of(Shape shape, long parameters, int tokens) {
        long embedding = shape.embedding;
        long checkpoints = shape.layers * tokens * embedding * Float.BYTES;
        // The cache: at most, since grouped heads take less.
        long cache = shape.layers * tokens * 2L * embedding * Float.BYTES;
        // A layer has its outputs, norms and sums, as many gradients, and copies on the heap.
        long activations = 3 * tokens * (shape.layerOutputs + 6 * embedding) * Float.BYTES;
        long scores = Learner.CHUNK * shape.vocabulary * (3L * Float.BYTES + Double.BYTES);
        long scratch = Kernels.BACKWARD_RUN * shape.widest * Float.BYTES;
        return shape.weights
                + parameters * BYTES_PER_PARAMETER
                + checkpoints
                + cache
                + activations
                + scores
                + scratch
                + BESIDE;
    }

    /** Columns of the products of the first layer. */
    private static long columns(Learner learner) {
        long columns = 0;
        for (Map.Entry<String, Tensor> weight : learner.network().multiplied().entrySet()) {
            if (weight.getKey().startsWith("blk.0.")) {
                columns += weight.getValue().rows();
            }
        }
        return columns;
    }

    /**
     * Bytes of the outputs of all layers, if none is to be computed again: products, gates, norms,
     * rotations and sums.
     */
    static long kept(Learner learner, int tokens) {
        long embedding = learner.network().embedding();
        long perLayer = 2 * (columns(learner) + 6 * embedding);
        return learner.network().layers() * Recording.bytes(tokens, perLayer);
    }
}
