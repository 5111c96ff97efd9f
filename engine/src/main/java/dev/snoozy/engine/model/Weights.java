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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Takes the tensors of a file by name, each with the shape the model expects. What is missing, and
 * what nobody takes, is refused in the end, all of it at once: a tensor that has no effect would
 * make the results silently wrong. Without kernels nothing is made of the tensors: a network is
 * asked what it would take.
 */
final class Weights {
    private static final ValueLayout.OfFloat ONE =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Names that a message shows. */
    private static final int SHOWN = 4;

    /** Rows of a table that is not there. */
    private static final int SOME_ROWS = 256;

    /** Stands for a tensor that is not there; such a network is refused before anybody runs it. */
    private record Absent(int rows, int columns) implements Tensor {
        static Absent of(long... shape) {
            long columns = shape[shape.length - 1];
            long rows = 1;
            for (int i = 0; i < shape.length - 1; i++) {
                rows *= shape[i];
            }
            return new Absent(Math.clamp(rows, 0, Integer.MAX_VALUE), Math.toIntExact(columns));
        }

        @Override
        public TensorType type() {
            return TensorType.F32;
        }
    }

    private final GgufFile file;
    private final @Nullable Kernels kernels;
    private final Map<String, Tensor> taken = new HashMap<>();
    private final Map<String, Tensor> multiplied = new LinkedHashMap<>();
    private final Map<String, long[]> needed = new LinkedHashMap<>();
    private final Map<String, long[]> missing = new LinkedHashMap<>();
    private final Set<String> optional = new TreeSet<>();
    private final List<String> left = new ArrayList<>(); // beginnings of names

    Weights(GgufFile file, @Nullable Kernels kernels) {
        this.file = file;
        this.kernels = kernels;
    }

    /** Leaves alone what a file has for the layers that only guess ahead. */
    void leaveAhead(ModelConfig config) {
        for (int i = 0; i < config.ahead(); i++) {
            left.add("blk." + (config.layers() + i) + ".");
        }
    }

    /** Leaves alone tensors whose names begin so: no token goes through them. */
    void leave(String beginning) {
        left.add(beginning);
    }

    /** Whether the file has the tensor. */
    boolean has(String name) {
        optional.add(name);
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
        return kernels == null
                ? Absent.of(n)
                : kernels.weight(TensorType.F32, new long[] {n}, ones);
    }

    /** The rows of a table {@code [rows, columns]} whose number the file decides. */
    long rowsOf(String name) {
        TensorInfo tensor = file.tensor(name);
        if (tensor == null) {
            return SOME_ROWS; // whoever asks will take it, and miss it
        }
        if (tensor.shape().size() != 2) {
            throw new ModelException(
                    "tensor "
                            + name
                            + ": expected a table of two dimensions, found "
                            + tensor.shape());
        }
        return tensor.shape().get(1);
    }

    /** The values of a small vector. */
    float[] values(String name, int n) {
        return values(vector(name, n), x -> x);
    }

    /** The values of a matrix of one row, {@code [1, n]}. */
    float[] row(String name, int n) {
        return tableValues(name, 1, n);
    }

    /** The values of a small matrix {@code [rows, columns]}, row after row. */
    float[] tableValues(String name, int rows, int columns) {
        Tensor table = table(name, rows, columns);
        if (kernels == null || table instanceof Absent) {
            return new float[rows * columns];
        }
        int[] all = new int[rows];
        Arrays.setAll(all, i -> i);
        return kernels.downloadAll(kernels.embed(table, all));
    }

    private float[] values(Tensor tensor, UnaryOperator<Tensor> made) {
        float[] values = new float[tensor.columns()];
        if (kernels != null && !(tensor instanceof Absent)) {
            kernels.download(made.apply(tensor), 0, values);
        }
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

    /** What the network takes in any case, with the shape that it expects, in its order. */
    Map<String, long[]> needed() {
        return needed;
    }

    /** What it takes if the file has it. */
    Set<String> optional() {
        return optional;
    }

    /** What the file lacks. */
    Map<String, long[]> missing() {
        return missing;
    }

    /** What the file has and the network does not take. */
    List<String> leftovers() {
        return file.tensors().stream()
                .map(TensorInfo::name)
                .filter(n -> !needed.containsKey(n) && left.stream().noneMatch(n::startsWith))
                .toList();
    }

    /** Refuses the file if tensors are missing, or are left that no part of the model takes. */
    void refuseUnfit() {
        List<String> faults = new ArrayList<>();
        if (missing.size() == 1) {
            missing.forEach((name, shape) ->
                    faults.add("tensor " + name + " is missing: expected " + text(shape)));
        } else if (!missing.isEmpty()) {
            List<String> lacking = new ArrayList<>();
            missing.forEach((name, shape) -> lacking.add(name + " " + text(shape)));
            faults.add("tensors that the architecture needs are missing" + some(lacking));
        }
        List<String> left = leftovers();
        if (!left.isEmpty()) {
            faults.add(
                    "the model has tensors that its architecture does not know"
                            + some(left)
                            + ": running without them would be wrong");
        }
        if (!faults.isEmpty()) {
            throw new ModelException(String.join("; ", faults));
        }
    }

    /** The first few of a list. */
    private static String some(List<String> names) {
        String few = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return ", such as " + few + " (" + names.size() + " in all)";
    }

    private Tensor multiplied(String name, long... shape) {
        Tensor tensor = required(name, shape);
        multiplied.put(name, tensor);
        return tensor;
    }

    /** The same tensor for the same name, so that kernels make no second copy of it. */
    private Tensor required(String name, long... shape) {
        optional.remove(name);
        needed.put(name, shape);
        TensorInfo tensor = file.tensor(name);
        if (tensor == null) {
            missing.put(name, shape);
            return Absent.of(shape);
        }
        long[] found = shape(tensor);
        if (!Arrays.equals(found, shape) && kernels == null) {
            missing.put(name, shape);
            return Absent.of(shape);
        }
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
        return kernels == null
                ? Absent.of(shape)
                : taken.computeIfAbsent(
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
