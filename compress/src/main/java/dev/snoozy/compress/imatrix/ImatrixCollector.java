package dev.snoozy.compress.imatrix;

import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.ProductObserver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Collects an importance matrix: lets a model read a text and sums up, for each weight of its
 * layers, the squares of what the weight is multiplied with. An input that is often large makes the
 * errors of its column count for more.
 *
 * <p>Used by one thread. Whoever makes it closes it.
 */
public final class ImatrixCollector implements AutoCloseable {
    private static final String LAYERS = "blk.";

    private final Map<String, Sums> sums = new HashMap<>();
    private final LanguageModel model;

    /** The sums of one weight, in double precision: millions of tokens may add up. */
    private static final class Sums {
        private final double[][] squares;
        private final long[] counts;

        Sums(int matrices, int columns) {
            squares = new double[matrices][columns];
            counts = new long[matrices];
        }

        void add(int matrix, float[] row) {
            double[] sum = squares[matrix];
            for (int j = 0; j < sum.length; j++) {
                sum[j] += (double) row[j] * row[j];
            }
            counts[matrix]++;
        }

        ImatrixFile.Entry entry() {
            int columns = squares[0].length;
            float[] all = new float[Math.multiplyExact(squares.length, columns)];
            float[] tokens = new float[counts.length];
            for (int m = 0; m < squares.length; m++) {
                for (int j = 0; j < columns; j++) {
                    all[m * columns + j] = (float) squares[m][j];
                }
                tokens[m] = counts[m];
            }
            return new ImatrixFile.Entry(columns, all, tokens);
        }
    }

    /** A collector for the model of an open file, which belongs to it from now on. */
    public ImatrixCollector(GgufFile file, LoadOptions options) {
        Map<String, Integer> matrices = new HashMap<>();
        for (TensorInfo tensor : file.tensors()) {
            List<Long> shape = tensor.shape();
            matrices.put(tensor.name(), shape.size() == 3 ? shape.get(2).intValue() : 1);
        }
        ProductObserver observer =
                (weight, matrix, row) -> {
                    if (weight.startsWith(LAYERS)) {
                        sums.computeIfAbsent(
                                        weight,
                                        w -> new Sums(matrices.getOrDefault(w, 1), row.length))
                                .add(matrix, row);
                    }
                };
        model = LanguageModel.observed(file, options, observer);
    }

    /** The model, for its tokenizer. */
    public LanguageModel model() {
        return model;
    }

    /**
     * Lets the model read a text, each chunk from its beginning.
     *
     * @param dataset name of the text
     * @param done is told the chunks that were read
     */
    public ImatrixFile collect(TextChunks text, String dataset, IntConsumer done) {
        for (int chunk = 0; chunk < text.count(); chunk++) {
            try (Evaluation evaluation = model.evaluation()) {
                evaluation.append(text.read(chunk), false);
            }
            done.accept(chunk + 1);
        }
        SortedMap<String, ImatrixFile.Entry> entries = new TreeMap<>();
        sums.forEach((name, sum) -> entries.put(name, sum.entry()));
        return new ImatrixFile(entries, List.of(dataset), text.count(), text.size());
    }

    @Override
    public void close() {
        model.close();
    }
}
