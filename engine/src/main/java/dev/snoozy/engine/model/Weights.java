package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the tensors of a file by name, each with the shape the model expects. What nobody takes is
 * refused in the end: a tensor that has no effect would make the results silently wrong.
 */
final class Weights {
    private static final ValueLayout.OfFloat ONE =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgufFile file;
    private final Kernels kernels;
    private final Map<String, Tensor> taken = new HashMap<>();
    private final Map<String, Tensor> multiplied = new LinkedHashMap<>();

    Weights(GgufFile file, Kernels kernels) {
        this.file = file;
        this.kernels = kernels;
    }

    /** Whether the file has the tensor. */
    boolean has(String name) {
        return file.tensor(name) != null;
    }

    /** A matrix {@code [out, in]} of products. */
    Tensor matrix(String name, long out, long in) {
        return multiplied(name, out, in);
    }

    /** The matrices {@code [experts, out, in]} of a mixture. */
    Tensor experts(String name, long experts, long out, long in) {
        return multiplied(name, experts, out, in);
    }

    /** A table {@code [rows, columns]} whose rows are looked up. */
    Tensor table(String name, long rows, long columns) {
        return required(name, rows, columns);
    }

    /** A vector {@code [n]}. */
    Tensor vector(String name, long n) {
        return required(name, n);
    }

    /** A vector {@code [n]}, or null if the file has none. */
    @Nullable Tensor optionalVector(String name, long n) {
        return has(name) ? required(name, n) : null;
    }

    /** A matrix {@code name.weight} with its bias {@code name.bias}, if it has one. */
    Linear linear(String name, long out, long in) {
        return new Linear(matrix(name + ".weight", out, in), optionalVector(name + ".bias", out));
    }

    /** A vector {@code [n]} of ones, for a norm without weights. */
    Tensor ones(int n) {
        MemorySegment ones = Arena.ofAuto().allocate((long) n * Float.BYTES, Float.BYTES);
        for (int i = 0; i < n; i++) {
            ones.set(ONE, (long) i * Float.BYTES, 1);
        }
        return kernels.weight(TensorType.F32, new long[] {n}, ones);
    }

    /** The rows of a table {@code [rows, columns]} whose number the file decides. */
    long rowsOf(String name) {
        TensorInfo tensor = file.tensor(name);
        if (tensor == null || tensor.shape().size() != 2) {
            throw new ModelException(
                    "tensor "
                            + name
                            + ": expected a table of two dimensions, found "
                            + (tensor == null ? "none" : tensor.shape()));
        }
        return tensor.shape().get(1);
    }

    /** The values of a small vector. */
    float[] values(String name, int n) {
        float[] values = new float[n];
        kernels.download(vector(name, n), 0, values);
        return values;
    }

    /** The values of a matrix of one row, {@code [1, n]}. */
    float[] row(String name, int n) {
        float[] values = new float[n];
        kernels.download(kernels.embed(table(name, 1, n), new int[1]), 0, values);
        return values;
    }

    /** What products are asked of, by its name, in the order in which it was taken. */
    Map<String, Tensor> multiplied() {
        return multiplied;
    }

    /** All that was taken, by its name. */
    Map<String, Tensor> taken() {
        return taken;
    }

    /** Refuses the file if tensors are left that no part of the model takes. */
    void refuseLeftovers() {
        List<String> left =
                file.tensors().stream()
                        .map(TensorInfo::name)
                        .filter(n -> !taken.containsKey(n))
                        .toList();
        if (!left.isEmpty()) {
            throw new ModelException(
                    "the model has tensors that its architecture does not know, such as "
                            + String.join(", ", left.subList(0, Math.min(4, left.size())))
                            + " ("
                            + left.size()
                            + " in all): running without them would be wrong");
        }
    }

    private Tensor multiplied(String name, long... shape) {
        Tensor tensor = required(name, shape);
        multiplied.put(name, tensor);
        return tensor;
    }

    /** The same tensor for the same name, so that kernels make no second copy of it. */
    private Tensor required(String name, long... shape) {
        TensorInfo tensor = file.tensor(name);
        if (tensor == null) {
            throw new ModelException("tensor " + name + " is missing: expected " + text(shape));
        }
        long[] found = shape(tensor);
        if (!Arrays.equals(found, shape)) {
            throw new ModelException(
                    "tensor "
                            + name
                            + ": expected "
                            + text(shape)
                            + ", found "
                            + text(found)
                            + "; do the head counts and lengths in the metadata belong to this file?");
        }
        return taken.computeIfAbsent(
                name, n -> kernels.weight(tensor.type(), shape, file.data(tensor)));
    }

    /** The shape with the last dimension side by side: the reverse of the file's. */
    private static long[] shape(TensorInfo tensor) {
        List<Long> dimensions = tensor.shape();
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(shape.length - 1 - i);
        }
        return shape;
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape);
    }
}
