package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The backward of attention: in F64 against finite differences, in F32 against that. */
class AttentionGradientsTest {
    private static final int[] LENGTHS = {75, 1, 40}; // more rows of queries than a block has
    private static final int TOKENS = Arrays.stream(LENGTHS).sum();
    private static final int LENGTH = 6;
    private static final double H = 1e-5;

    private static AttentionSpec spec(String kind) {
        AttentionSpec plain = new AttentionSpec(6, 2, 0.4f, 0);
        return switch (kind) {
            case "cap" -> new AttentionSpec(6, 2, 0.4f, 3);
            case "alibi" -> new AttentionSpec(6, 2, 0.4f, 0, 8);
            case "sinks" -> plain.withSinks(new float[] {0.5f, -1, 2, 0, 5, -30});
            default -> plain;
        };
    }

    /** Whole texts, one after another. */
    private static KvRows rows(int window) {
        int[][] tables = new int[TOKENS][];
        int[] positions = new int[TOKENS];
        int[] first = new int[TOKENS];
        int row = 0;
        for (int length : LENGTHS) {
            int[] table = new int[8];
            for (int t = 0; t < length; t++, row++) {
                tables[row] = table;
                positions[row] = t;
                first[row] = Math.max(0, t + 1 - window);
            }
        }
        return new KvRows(tables, positions, first, positions);
    }

    private static Matrix64 random(SplittableRandom random, int columns) {
        Matrix64 x = new Matrix64(TOKENS, columns);
        // What F32 has, so that both paths begin with the same.
        Arrays.setAll(x.data(), i -> (float) (2 * random.nextDouble() - 1));
        return x;
    }

    private static double loss(Matrix64[] x, KvRows rows, AttentionSpec spec, Matrix64 g) {
        Matrix64 o = Attention64.forward(x[0], x[1], x[2], rows, spec);
        double sum = 0;
        for (int i = 0; i < o.data().length; i++) {
            sum += o.data()[i] * g.data()[i];
        }
        return sum;
    }

    private static void move(Matrix64[] x, Matrix64[] direction, double step) {
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[i].data().length; j++) {
                x[i].data()[j] += step * direction[i].data()[j];
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "window", "cap", "alibi", "sinks"})
    void gradientsAreThoseOfFiniteDifferencesAndTheKernelsFollow(String kind) {
        AttentionSpec spec = spec(kind);
        KvRows rows = rows(kind.equals("window") ? 9 : TOKENS);
        SplittableRandom random = new SplittableRandom(11);
        int queries = spec.heads() * LENGTH;
        int keys = spec.kvHeads() * LENGTH;
        Matrix64[] x = {random(random, queries), random(random, keys), random(random, keys)};
        Matrix64[] direction = {
            random(random, queries), random(random, keys), random(random, keys)
        };
        Matrix64 g = random(random, queries);
        Matrix64 o = Attention64.forward(x[0], x[1], x[2], rows, spec);
        Matrix64[] exact = Attention64.backward(g, o, x[0], x[1], x[2], rows, spec);
        double slope = 0;
        for (int i = 0; i < exact.length; i++) {
            for (int j = 0; j < exact[i].data().length; j++) {
                slope += exact[i].data()[j] * direction[i].data()[j];
            }
        }
        try (Kernels kernels = Kernels.create(2, Precision.F32)) {
            Tensor[] fast =
                    new Attention32(kernels)
                            .backward(
                                    upload(kernels, g),
                                    upload(kernels, o),
                                    upload(kernels, x[0]),
                                    upload(kernels, x[1]),
                                    upload(kernels, x[2]),
                                    rows,
                                    spec);
            for (int i = 0; i < fast.length; i++) {
                double[] found = download(kernels, fast[i]);
                assertThat(TrainingReference.distance(found, exact[i].data())).isLessThan(1e-5);
            }
        }
        move(x, direction, H);
        double more = loss(x, rows, spec, g);
        move(x, direction, -2 * H);
        double measured = (more - loss(x, rows, spec, g)) / (2 * H);
        assertThat(slope).isCloseTo(measured, within(1e-6 * Math.abs(measured) + 1e-9));
    }

    private static Tensor upload(Kernels kernels, Matrix64 x) {
        float[] values = new float[x.data().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) x.data()[i];
        }
        return kernels.upload(values, x.rows(), x.columns());
    }

    private static double[] download(Kernels kernels, Tensor x) {
        double[] values = new double[x.rows() * x.columns()];
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            kernels.download(x, t, row);
            for (int i = 0; i < row.length; i++) {
                values[t * row.length + i] = row[i];
            }
        }
        return values;
    }
}
