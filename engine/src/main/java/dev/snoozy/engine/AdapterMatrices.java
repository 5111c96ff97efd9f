package dev.snoozy.engine;

import dev.snoozy.engine.adapter.AdapterFile;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The matrices of a LoRA adapter, apart from any loaded model: for merging. Immutable. */
public final class AdapterMatrices {
    private final AdapterFile file;
    private final Map<String, AdapterFile.Pair> pairs = new HashMap<>();

    private AdapterMatrices(AdapterFile file) {
        this.file = file;
        file.pairs().forEach(pair -> pairs.put(pair.weight(), pair));
    }

    /**
     * Reads an adapter of a model.
     *
     * @throws IOException if the file cannot be read
     * @throws dev.snoozy.format.FormatException if it is not a sound GGUF file
     * @throws ModelException if it is no adapter for this model, with the reason
     */
    public static AdapterMatrices read(Path path, GgufFile base) throws IOException {
        try (GgufFile gguf = GgufFile.open(path)) {
            String architecture = base.metadata().string("general.architecture");
            return new AdapterMatrices(
                    AdapterFile.read(gguf, architecture, name -> shape(base, name)));
        } catch (ModelException e) {
            throw new ModelException(path + ": " + e.getMessage(), e);
        }
    }

    /** As the loaded model does, only matrices of products are changed. */
    private static long @Nullable [] shape(GgufFile base, String name) {
        TensorInfo tensor = base.tensor(name);
        return tensor == null || tensor.shape().size() != 2
                ? null
                : new long[] {tensor.shape().get(1), tensor.shape().get(0)};
    }

    /** Whether a weight is changed. */
    public boolean changes(String weight) {
        return pairs.containsKey(weight);
    }

    /** Whether rows get lengths of their own, which a scale other than 1 says nothing about. */
    public boolean hasMagnitudes() {
        return !file.magnitudes().isEmpty();
    }

    /**
     * Adds {@code scale B A} to rows of a weight, and gives them the lengths that the adapter has
     * for them, if any.
     *
     * @param first number of the first row
     * @param rows {@code [count, in]}
     * @param scale beside the adapter's own
     */
    public void addTo(String weight, int first, int count, float[] rows, float scale) {
        AdapterFile.Pair pair = pairs.get(weight);
        if (pair == null) {
            return;
        }
        int in = rows.length / count;
        int rank = pair.b().columns();
        float factor = scale * file.scale();
        // Of a table that is looked up, A has a row for each of its rows.
        AdapterFile.Matrix left = pair.isTable() ? pair.a() : pair.b(); // [out, rank]
        AdapterFile.Matrix right = pair.isTable() ? pair.b() : pair.a();
        for (int r = 0; r < count; r++) {
            for (int k = 0; k < in; k++) {
                double sum = 0;
                for (int j = 0; j < rank; j++) {
                    float a =
                            pair.isTable()
                                    ? right.values()[k * rank + j]
                                    : right.values()[j * in + k];
                    sum += (double) left.values()[(first + r) * rank + j] * a;
                }
                rows[r * in + k] += (float) (factor * sum);
            }
        }
        float[] magnitudes = file.magnitudes().get(weight);
        for (int r = 0; magnitudes != null && r < count; r++) {
            stretch(rows, r * in, in, magnitudes[first + r]);
        }
    }

    /** Gives a row another length; one of zeros keeps its own. */
    private static void stretch(float[] rows, int at, int in, double length) {
        double sum = 0;
        for (int k = at; k < at + in; k++) {
            sum += (double) rows[k] * rows[k];
        }
        double factor = sum == 0 ? 0 : length / Math.sqrt(sum);
        for (int k = at; k < at + in; k++) {
            rows[k] = (float) (rows[k] * factor);
        }
    }
}
