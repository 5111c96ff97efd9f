package dev.snoozy.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The operations against double precision, element by element. */
class ScalarKernelsTest {
    private static final double TOLERANCE = 2e-5;

    private final Kernels kernels = new ScalarKernels(new ThreadTeam(2));
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_124);

    @AfterEach
    void close() {
        kernels.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 33})
    void multipliesForEveryRemainderOfAPanel(int out) {
        for (int in : new int[] {1, 3, 32, 65}) {
            for (int rows : new int[] {1, 2, 5}) {
                float[] x = values(rows * in);
                float[] w = values(out * in);
                float[] bias = values(out);
                Tensor y =
                        kernels.linear(
                                kernels.upload(x, rows, in), weight(w, out, in), weight(bias, out));
                for (int t = 0; t < rows; t++) {
                    float[] found = row(y, t);
                    for (int r = 0; r < out; r++) {
                        double expected = bias[r];
                        for (int k = 0; k < in; k++) {
                            expected += (double) w[r * in + k] * x[t * in + k];
                        }
                        assertThat((double) found[r]).isCloseTo(expected, within(TOLERANCE));
                    }
                }
            }
        }
    }

    @Test
    void carriesNanAndInfinityThroughAProduct() {
        float[] x = {1, Float.NaN, 1, Float.POSITIVE_INFINITY};
        Tensor y = kernels.linear(kernels.upload(x, 2, 2), weight(new float[] {1, 1}, 1, 2), null);
        assertThat(row(y, 0)[0]).isNaN();
        assertThat(row(y, 1)[0]).isEqualTo(Float.POSITIVE_INFINITY);
    }

    @Test
    void givesARowTheSameBitsAloneAndInABatch() {
        int in = 96;
        int out = 37;
        float[] x = values(17 * in);
        Tensor w = weight(values(out * in), out, in);
        Tensor together = kernels.linear(kernels.upload(x, 17, in), w, null);
        for (int t = 0; t < 17; t++) {
            float[] alone = Arrays.copyOfRange(x, t * in, (t + 1) * in);
            Tensor y = kernels.linear(kernels.upload(alone, 1, in), w, null);
            assertThat(row(y, 0)).containsExactly(row(together, t));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 64})
    void normsEachGroupOfColumns(int n) {
        float[] x = values(2 * 3 * n);
        float[] w = values(n);
        Tensor y = kernels.rmsNorm(kernels.upload(x, 2, 3 * n), weight(w, n), 1e-5f);
        for (int group = 0; group < 6; group++) {
            double squares = 0;
            for (int i = 0; i < n; i++) {
                squares += (double) x[group * n + i] * x[group * n + i];
            }
            double root = Math.sqrt(squares / n + 1e-5);
            for (int i = 0; i < n; i++) {
                double expected = x[group * n + i] / root * w[i];
                float found = row(y, group / 3)[group % 3 * n + i];
                assertThat((double) found).isCloseTo(expected, within(TOLERANCE));
            }
        }
    }

    @Test
    void normsLayersWithMeanAndBias() {
        int n = 50;
        float[] x = values(n);
        float[] w = values(n);
        float[] b = values(n);
        Tensor y = kernels.layerNorm(kernels.upload(x, 1, n), weight(w, n), weight(b, n), 1e-5f);
        double mean = 0;
        for (float v : x) {
            mean += v / (double) n;
        }
        double variance = 0;
        for (float v : x) {
            variance += (v - mean) * (v - mean) / n;
        }
        for (int i = 0; i < n; i++) {
            double expected = (x[i] - mean) / Math.sqrt(variance + 1e-5) * w[i] + b[i];
            assertThat((double) row(y, 0)[i]).isCloseTo(expected, within(TOLERANCE));
        }
    }

    @Test
    void turnsAdjacentAndDistantPairs() {
        float[] x = {1, 2, 3, 4, 5, 6};
        float[] frequencies = {1f, 0.5f};
        for (Rope.Pairing pairing : Rope.Pairing.values()) {
            Rope rope = new Rope(pairing, frequencies, 2f);
            float[] y = row(kernels.rope(kernels.upload(x, 1, 6), 6, rope, new int[] {3}), 0);
            for (int i = 0; i < 2; i++) {
                int a = pairing == Rope.Pairing.ADJACENT ? 2 * i : i;
                int b = pairing == Rope.Pairing.ADJACENT ? a + 1 : i + 2;
                double angle = 3 * frequencies[i];
                double cos = 2 * Math.cos(angle);
                double sin = 2 * Math.sin(angle);
                assertThat((double) y[a]).isCloseTo(x[a] * cos - x[b] * sin, within(TOLERANCE));
                assertThat((double) y[b]).isCloseTo(x[a] * sin + x[b] * cos, within(TOLERANCE));
            }
            assertThat(y[4]).isEqualTo(5f);
            assertThat(y[5]).isEqualTo(6f);
        }
    }

    @Test
    void choosesTheLargestExpertsAndTheLowerNumberInATie() {
        Tensor scores = kernels.upload(new float[] {1, 3, 2, 3}, 1, 4);
        int[] chosen = new int[2];
        float[] weights = new float[2];
        Router.choose((Rows) scores, 0, new RouterSpec(2, true), chosen, weights);
        assertThat(chosen).containsExactly(1, 3);
        assertThat(weights).containsExactly(0.5f, 0.5f);
    }

    @Test
    void sumsTheChosenExperts() {
        int n = 5;
        int width = 9;
        int experts = 3;
        float[] x = values(2 * n);
        float[] scores = values(2 * experts);
        float[] gate = values(experts * width * n);
        float[] up = values(experts * width * n);
        float[] down = values(experts * n * width);
        Tensor y =
                kernels.experts(
                        kernels.upload(x, 2, n),
                        kernels.upload(scores, 2, experts),
                        new RouterSpec(experts, false),
                        weight(gate, experts, width, n),
                        weight(up, experts, width, n),
                        weight(down, experts, n, width),
                        Activation.SILU);
        for (int t = 0; t < 2; t++) {
            double[] expected = new double[n];
            double sum = 0;
            for (int e = 0; e < experts; e++) {
                sum += Math.exp(scores[t * experts + e]);
            }
            for (int e = 0; e < experts; e++) {
                double p = Math.exp(scores[t * experts + e]) / sum;
                for (int h = 0; h < width; h++) {
                    double g = dot(gate, (e * width + h) * n, x, t * n, n);
                    double u = dot(up, (e * width + h) * n, x, t * n, n);
                    double hidden = g / (1 + Math.exp(-g)) * u;
                    for (int i = 0; i < n; i++) {
                        expected[i] += p * hidden * down[(e * n + i) * width + h];
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                assertThat((double) row(y, t)[i]).isCloseTo(expected[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void normsTheLayersOfEachHeadByItsOwnWeights() {
        float[] x = values(2 * 3 * 20);
        float[] w = values(3 * 20);
        Tensor y = kernels.layerNormHeads(kernels.upload(x, 2, 60), weight(w, 3, 20), 1e-5f);
        for (int t = 0; t < 2; t++) {
            for (int head = 0; head < 3; head++) {
                float[] own = Arrays.copyOfRange(w, head * 20, head * 20 + 20);
                float[] part = Arrays.copyOfRange(x, t * 60 + head * 20, t * 60 + head * 20 + 20);
                Tensor alone =
                        kernels.layerNorm(
                                kernels.upload(part, 1, 20), weight(own, 20), null, 1e-5f);
                assertThat(Arrays.copyOfRange(row(y, t), head * 20, head * 20 + 20))
                        .containsExactly(row(alone, 0));
            }
        }
    }

    @Test
    void cutsOffWhatIsTooLargeAndKeepsNan() {
        float[] x = {1, -3, 2, 5, Float.NaN, Float.NEGATIVE_INFINITY};
        Tensor y = kernels.clamp(kernels.upload(x, 2, 3), 2);
        assertThat(row(y, 0)).containsExactly(1, -2, 2);
        assertThat(row(y, 1)).containsExactly(2, Float.NaN, -2);
    }

    @Test
    void squaresThePositivePart() {
        float[] x = {-2, 0, 3, Float.NaN};
        Tensor y = kernels.activate(Activation.RELU_SQUARED, kernels.upload(x, 1, 4));
        assertThat(row(y, 0)).containsExactly(0, 0, 9, Float.NaN);
    }

    @Test
    void bendsByXielu() {
        float[] x = {-30, -2, -0.5f, -1e-7f, 0, 1e-7f, 0.5f, 3};
        Tensor y = kernels.xielu(kernels.upload(x, 2, 4), 0.7f, 0.9f, 0.5f, -1e-6f);
        float[] found = kernels.downloadAll(y);
        for (int i = 0; i < x.length; i++) {
            double expected =
                    x[i] > 0
                            ? 0.7 * x[i] * x[i] + 0.5 * x[i]
                            : 0.9 * (Math.expm1(Math.min(x[i], -1e-6)) - x[i]) + 0.5 * x[i];
            assertThat((double) found[i]).isCloseTo(expected, within(1e-6 + 1e-6 * Math.abs(expected)));
        }
    }

    @Test
    void keepsWhatLiesAboveItsRow() {
        float[] x = {1, 2, 3, 6, -1, -1, -1, 3};
        float[] found = kernels.downloadAll(kernels.above(kernels.upload(x, 2, 4), 0.5f));
        double first = 3 + 0.5 * Math.sqrt((4 + 1 + 9) / 3.0); // mean 3
        double second = 0.5 * Math.sqrt(12 / 3.0); // mean 0
        float[] expected = {0, 0, 0, (float) (6 - first), 0, 0, 0, (float) (3 - second)};
        assertThat(found).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
    }

    @Test
    void shiftsColumns() {
        Tensor y = kernels.shiftColumns(kernels.upload(new float[] {1, 2, 3, 4}, 2, 2), new float[] {10, 20});
        assertThat(kernels.downloadAll(y)).containsExactly(11, 22, 13, 24);
    }

    @Test
    void leavesItsInputsAlone() {
        float[] x = values(8);
        Tensor input = kernels.upload(x, 2, 4);
        kernels.scale(input, 3);
        kernels.add(input, input);
        kernels.softcap(input, 2);
        kernels.activate(Activation.GELU_TANH, input);
        kernels.gated(Activation.SILU, input, input);
        kernels.rope(input, 4, new Rope(Rope.Pairing.HALVES, new float[] {1, 2}, 1), new int[2]);
        assertThat(row(input, 0)).containsExactly(x[0], x[1], x[2], x[3]);
        assertThat(row(input, 1)).containsExactly(x[4], x[5], x[6], x[7]);
    }

    @Test
    void theOutputThatIsKeptStaysWhileTheOthersAreUsedAgain() {
        float[] x = values(600);
        Tensor input = kernels.upload(x, 2, 300);
        Tensor kept = kernels.scale(input, 2);
        kernels.recycle(kept);
        for (int layer = 0; layer < 3; layer++) {
            Tensor other = kernels.upload(values(600), 2, 300);
            kept = kernels.add(kept, kernels.scale(other, 0));
            kernels.recycle(kept);
        }
        for (int i = 0; i < 300; i++) {
            assertThat(row(kept, 0)[i]).isEqualTo(2 * x[i]);
            assertThat(row(kept, 1)[i]).isEqualTo(2 * x[300 + i]);
        }
    }

    @Test
    void namesShapesThatDoNotFit() {
        Tensor x = kernels.upload(values(6), 2, 3);
        assertThatThrownBy(() -> kernels.linear(x, weight(values(8), 2, 4), null))
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> kernels.add(x, kernels.upload(values(2), 1, 2)))
                .hasMessageContaining("[1, 2]");
        assertThatThrownBy(() -> kernels.embed(weight(values(8), 2, 4), new int[] {2}))
                .hasMessageContaining("row 2 of a table of 2");
    }

    private static double dot(float[] a, int i, float[] b, int j, int n) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += (double) a[i + k] * b[j + k];
        }
        return sum;
    }

    private float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private Tensor weight(float[] values, long... shape) {
        return kernels.weight(TensorType.F32, shape, MemorySegment.ofArray(values));
    }

    private float[] row(Tensor tensor, int row) {
        float[] values = new float[tensor.columns()];
        kernels.download(tensor, row, values);
        return values;
    }
}
