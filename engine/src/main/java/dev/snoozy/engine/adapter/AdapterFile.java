package dev.snoozy.engine.adapter;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A LoRA adapter in GGUF, as llama.cpp and its converter write them: for each weight {@code
 * <name>.lora_a} with dimensions {@code [in, rank]} and {@code <name>.lora_b} with {@code [rank,
 * out]}; for the token table A stands turned, {@code [rank, vocabulary]}.
 *
 * @param architecture of the models that it belongs to
 * @param alpha the deltas are scaled by {@code alpha / rank}; 0 for not at all
 * @param rank of the first pair
 * @param magnitudes lengths of the rows of changed weights, by the names of these (Liu et al. 2024,
 *     DoRA); mostly none. Who cannot apply them has to refuse the adapter
 */
public record AdapterFile(
        String architecture,
        float alpha,
        int rank,
        List<Pair> pairs,
        Map<String, float[]> magnitudes) {
    /** How the kernels read floats. */
    static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final String A = ".lora_a";
    private static final String B = ".lora_b";
    private static final String MAGNITUDE = ".lora_magnitude";
    private static final String TABLE = "token_embd.weight";
    private static final int MOST_RANK = 4096;

    /**
     * A matrix, its rows one after another.
     *
     * @param values {@code [rows, columns]}
     */
    public record Matrix(float[] values, int rows, int columns) {}

    /**
     * The two matrices for one weight.
     *
     * @param weight its name
     * @param a {@code [rank, in]}, or of a table {@code [rows, rank]}
     * @param b {@code [out, rank]}
     */
    public record Pair(String weight, Matrix a, Matrix b) {
        /** Whether the weight is the token table, whose rows are looked up. */
        public boolean isTable() {
            return weight.equals(TABLE);
        }
    }

    /** The shape of a weight of the base, {@code {out, in}}, or null if it has none of a name. */
    public interface Base extends Function<String, long @Nullable []> {}

    /** What the deltas are scaled by. */
    public float scale() {
        return alpha == 0 ? 1 : alpha / rank;
    }

    /**
     * Reads the adapter of a file, all of it.
     *
     * @param architecture of the base model
     * @param base its weights
     * @throws ModelException if the file is no such adapter or does not fit the base, with the
     *     reason
     */
    public static AdapterFile read(GgufFile file, String architecture, Base base) {
        Metadata metadata = file.metadata();
        require(metadata, "general.type", "adapter");
        require(metadata, "adapter.type", "lora");
        String found = metadata.string("general.architecture", "");
        if (!found.equals(architecture)) {
            throw new ModelException(
                    "the adapter belongs to models of the architecture \""
                            + found
                            + "\", the model is of \""
                            + architecture
                            + "\"; cure: an adapter that was trained for this model");
        }
        if (metadata.has("adapter.alora.invocation_tokens")) {
            throw new ModelException(
                    "the adapter is one that tokens switch on"
                            + " (adapter.alora.invocation_tokens), which this version does not do");
        }
        float alpha = metadata.number("adapter.lora.alpha", 0f);
        if (!Float.isFinite(alpha)) {
            throw new ModelException("adapter.lora.alpha: expected a number, found " + alpha);
        }
        List<Pair> pairs = pairs(file, base);
        return new AdapterFile(found, alpha, rank(pairs), pairs, magnitudes(file, pairs));
    }

    private static Map<String, float[]> magnitudes(GgufFile file, List<Pair> pairs) {
        Map<String, float[]> found = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            if (!tensor.name().endsWith(MAGNITUDE)) {
                continue;
            }
            String name = weight(tensor, MAGNITUDE);
            Pair pair =
                    pairs.stream().filter(one -> one.weight().equals(name)).findAny().orElse(null);
            if (pair == null || pair.isTable() || tensor.elements() != pair.b().rows()) {
                throw new ModelException(
                        "adapter tensor "
                                + tensor.name()
                                + ": expected a number for each row of a weight that the adapter"
                                + " changes, found "
                                + tensor.shape());
            }
            found.put(name, values(file, tensor));
        }
        return found;
    }

    private static String weight(TensorInfo tensor, String end) {
        return tensor.name().substring(0, tensor.name().length() - end.length());
    }

    private static int rank(List<Pair> pairs) {
        int rank = pairs.getFirst().b().columns();
        for (Pair pair : pairs) {
            if (pair.b().columns() != rank) {
                throw new ModelException(
                        "the adapter has matrices of the ranks "
                                + rank
                                + " and "
                                + pair.b().columns()
                                + "; expected one rank");
            }
        }
        return rank;
    }

    private static void require(Metadata metadata, String key, String expected) {
        String found = metadata.string(key, "");
        if (!found.equals(expected)) {
            throw new ModelException(
                    "not a LoRA adapter: "
                            + key
                            + ": expected \""
                            + expected
                            + "\", found "
                            + (found.isEmpty() ? "none" : "\"" + found + "\"")
                            + (metadata.has("tokenizer.ggml.model")
                                    ? "; this is a model, load it as one"
                                    : ""));
        }
    }

    private static List<Pair> pairs(GgufFile file, Base base) {
        Map<String, TensorInfo> halves = new TreeMap<>();
        Map<String, TensorInfo> others = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            String name = tensor.name();
            if (name.endsWith(A)) {
                halves.put(weight(tensor, A), tensor);
            } else if (name.endsWith(B)) {
                others.put(weight(tensor, B), tensor);
            } else if (!name.endsWith(MAGNITUDE)) {
                throw new ModelException(
                        "adapter tensor "
                                + name
                                + ": expected names that end in .lora_a or .lora_b; what else an"
                                + " adapter changes would be left out silently");
            }
        }
        List<Pair> pairs = new ArrayList<>();
        for (Map.Entry<String, TensorInfo> half : halves.entrySet()) {
            String name = half.getKey();
            TensorInfo b = others.remove(name);
            if (b == null) {
                throw new ModelException("adapter tensor " + name + A + " has no " + B);
            }
            pairs.add(pair(file, name, half.getValue(), b, base));
        }
        if (!others.isEmpty()) {
            throw new ModelException(
                    "adapter tensor " + others.keySet().iterator().next() + B + " has no " + A);
        }
        if (pairs.isEmpty()) {
            throw new ModelException("the adapter has no tensors");
        }
        return List.copyOf(pairs);
    }

    private static Pair pair(GgufFile file, String name, TensorInfo a, TensorInfo b, Base base) {
        long[] shape = base.apply(name);
        if (shape == null) {
            throw new ModelException(
                    "the adapter changes "
                            + name
                            + ", which the model does not multiply with; was it trained for"
                            + " another model?");
        }
        Pair pair = new Pair(name, matrix(file, a), matrix(file, b));
        int rank = pair.b().columns();
        long in = pair.isTable() ? pair.a().rows() : pair.a().columns();
        long inner = pair.isTable() ? pair.a().columns() : pair.a().rows();
        long expectedIn = pair.isTable() ? shape[0] : shape[1];
        long expectedOut = pair.isTable() ? shape[1] : shape[0];
        if (in != expectedIn || pair.b().rows() != expectedOut || inner != rank) {
            throw new ModelException(
                    "adapter tensors for "
                            + name
                            + ": expected one of "
                            + expectedIn
                            + " inputs, one of "
                            + expectedOut
                            + " outputs and the same rank, found "
                            + a.shape()
                            + " and "
                            + b.shape());
        }
        if (rank > MOST_RANK) {
            throw new ModelException(
                    "adapter tensor " + b.name() + ": expected a rank of at most " + MOST_RANK);
        }
        return pair;
    }

    private static Matrix matrix(GgufFile file, TensorInfo tensor) {
        List<Long> shape = tensor.shape();
        if (shape.size() != 2 || tensor.elements() > Integer.MAX_VALUE - 8) {
            throw new ModelException(
                    "adapter tensor "
                            + tensor.name()
                            + ": expected a matrix of two dimensions, found "
                            + shape);
        }
        float[] values = values(file, tensor);
        return new Matrix(values, Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(0)));
    }

    private static float[] values(GgufFile file, TensorInfo tensor) {
        float[] values = new float[(int) tensor.elements()];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, values, 0, values.length);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ModelException(
                        "adapter tensor "
                                + tensor.name()
                                + ": expected finite numbers, found "
                                + value);
            }
        }
        return values;
    }
}
