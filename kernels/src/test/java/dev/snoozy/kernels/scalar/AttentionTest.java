package dev.snoozy.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Attention over pages against double precision without pages. */
class AttentionTest {
    private static final double TOLERANCE = 2e-5;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int KEY = 6;
    private static final int VALUE = 5;

    private final Kernels kernels = new ScalarKernels(new ThreadTeam(3));
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_124);

    @AfterEach
    void close() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1,0,0",
        "63,0,0",
        "64,0,0",
        "65,0,0",
        "130,0,0",
        "130,7,0",
        "200,64,0",
        "200,70,3"
    })
    void agreesWithDoublePrecision(int positions, int window, float softcap) {
        Inputs in = new Inputs(positions);
        AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.4f, softcap);
        Tensor y = run(in, spec, window, positions);
        for (int r = 0; r < positions; r++) {
            float[] found = row(y, r);
            int first = window == 0 ? 0 : Math.max(0, r - window + 1);
            for (int h = 0; h < HEADS; h++) {
                double[] expected = in.attend(r, h, first, spec);
                for (int i = 0; i < VALUE; i++) {
                    assertThat((double) found[h * VALUE + i])
                            .isCloseTo(expected[i], within(TOLERANCE));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0,0", "70,0,0", "130,7,0", "200,0,5"})
    void scoresFallWithTheDistanceByTheSlopeOfTheirHead(int positions, int window, float softcap) {
        Inputs in = new Inputs(positions);
        AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.4f, softcap, 8);
        Tensor y = run(in, spec, window, positions);
        int r = positions - 1;
        for (int h = 0; h < HEADS; h++) {
            int first = window == 0 ? 0 : Math.max(0, r - window + 1);
            double[] expected = in.attend(r, h, first, spec);
            for (int i = 0; i < VALUE; i++) {
                double found = row(y, r)[h * VALUE + i];
                assertThat(found).isCloseTo(expected[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void aSinkIsAPositionWithoutAValue() {
        Inputs in = new Inputs(70);
        AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.4f, 0);
        float[] sinks = new float[HEADS];
        for (int h = 0; h < HEADS; h++) {
            sinks[h] = h - 1.5f;
        }
        float[][] plain = rows(run(in, spec, 0, 70));
        float[][] with = rows(run(in, spec.withSinks(sinks), 0, 70));
        for (int r = 0; r < 70; r++) {
            for (int h = 0; h < HEADS; h++) {
                // The same mean of values, times the share that the sink leaves.
                float share = with[r][h * VALUE] / plain[r][h * VALUE];
                assertThat(share).isBetween(0f, 1f);
                for (int i = 0; i < VALUE; i++) {
                    assertThat((double) with[r][h * VALUE + i])
                            .isCloseTo(share * plain[r][h * VALUE + i], within(1e-4));
                }
            }
        }
        // The first row sees itself alone: the share is that of two scores.
        float q = with[0][0] / plain[0][0];
        double score = Math.log(q / (1 - q)) + sinks[0];
        float[] none = new float[HEADS];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        none[0] = (float) score;
        float half = rows(run(in, spec.withSinks(none), 0, 70))[0][0] / plain[0][0];
        assertThat((double) half).isCloseTo(0.5, within(1e-4));
        assertThat(rows(run(in, spec.withSinks(none), 0, 70))[3][VALUE]).isEqualTo(plain[3][VALUE]);
    }

    @Test
    void slopesArePowersOfTwoWithOddStepsForTheHeadsBeyond() {
        AttentionSpec eight = new AttentionSpec(8, 8, 1, 0, 8);
        assertThat(eight.slope(0)).isEqualTo(0.5f);
        assertThat(eight.slope(7)).isEqualTo(0x1p-8f);
        AttentionSpec twelve = new AttentionSpec(12, 12, 1, 0, 8);
        assertThat(twelve.slope(7)).isEqualTo(0x1p-8f);
        assertThat((double) twelve.slope(8)).isCloseTo(Math.pow(2, -0.5), within(1e-7));
        assertThat((double) twelve.slope(11)).isCloseTo(Math.pow(2, -3.5), within(1e-7));
        assertThat(new AttentionSpec(8, 8, 1, 0).slope(3)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1,0", "5,0", "17,0", "64,0", "1,33", "17,33"})
    void givesTheSameBitsInBatchesOfAnySize(int batch, int window) {
        Inputs in = new Inputs(150);
        AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.4f, 0);
        float[][] whole = rows(run(in, spec, window, 150));
        float[][] parts = new float[150][];
        KvPages pages = kernels.kvPages(KV_HEADS, KEY, VALUE, CacheType.F32);
        pages.reserve(8);
        for (int from = 0; from < 150; from += batch) {
            int to = Math.min(150, from + batch);
            float[][] found = rows(in.attention(pages, from, to, window, spec));
            System.arraycopy(found, 0, parts, from, to - from);
        }
        assertThat(parts).isDeepEqualTo(whole);
    }

    @Test
    void seesBothSidesInAnEncoder() {
        Inputs in = new Inputs(3);
        AttentionSpec spec = new AttentionSpec(HEADS, KV_HEADS, 0.4f, 0);
        KvPages pages = kernels.kvPages(KV_HEADS, KEY, VALUE, CacheType.F32);
        pages.reserve(1);
        int[] last = {2, 2, 2};
        KvRows rows =
                new KvRows(new int[][] {{0}, {0}, {0}}, new int[] {0, 1, 2}, new int[3], last);
        Tensor y = kernels.attention(in.q(0, 3), in.k(0, 3), in.v(0, 3), pages, rows, spec);
        double[] expected = in.attend(0, 1, 0, 2, spec);
        for (int i = 0; i < VALUE; i++) {
            assertThat((double) row(y, 0)[VALUE + i]).isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    private Tensor run(Inputs in, AttentionSpec spec, int window, int positions) {
        KvPages pages = kernels.kvPages(KV_HEADS, KEY, VALUE, CacheType.F32);
        pages.reserve(8);
        return in.attention(pages, 0, positions, window, spec);
    }

    private float[][] rows(Tensor tensor) {
        float[][] rows = new float[tensor.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = row(tensor, r);
        }
        return rows;
    }

    private float[] row(Tensor tensor, int row) {
        float[] values = new float[tensor.columns()];
        kernels.download(tensor, row, values);
        return values;
    }

    /** Random queries, keys and values of one sequence. */
    private final class Inputs {
        private final float[] q;
        private final float[] k;
        private final float[] v;

        Inputs(int positions) {
            q = values(positions * HEADS * KEY);
            k = values(positions * KV_HEADS * KEY);
            v = values(positions * KV_HEADS * VALUE);
        }

        private float[] values(int n) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        Tensor q(int from, int to) {
            return part(q, from, to, HEADS * KEY);
        }

        Tensor k(int from, int to) {
            return part(k, from, to, KV_HEADS * KEY);
        }

        Tensor v(int from, int to) {
            return part(v, from, to, KV_HEADS * VALUE);
        }

        private Tensor part(float[] all, int from, int to, int columns) {
            float[] some = Arrays.copyOfRange(all, from * columns, to * columns);
            return kernels.upload(some, to - from, columns);
        }

        Tensor attention(KvPages pages, int from, int to, int window, AttentionSpec spec) {
            int[] table = {5, 2, 0, 7};
            int n = to - from;
            int[][] tables = new int[n][];
            int[] positions = new int[n];
            int[] first = new int[n];
            for (int r = 0; r < n; r++) {
                tables[r] = table;
                positions[r] = from + r;
                first[r] = window == 0 ? 0 : Math.max(0, from + r - window + 1);
            }
            KvRows rows = new KvRows(tables, positions, first, positions);
            return kernels.attention(q(from, to), k(from, to), v(from, to), pages, rows, spec);
        }

        double[] attend(int row, int head, int first, AttentionSpec spec) {
            return attend(row, head, first, row, spec);
        }

        double[] attend(int row, int head, int first, int last, AttentionSpec spec) {
            int kvHead = head / (HEADS / KV_HEADS);
            double[] weights = new double[last + 1];
            double sum = 0;
            for (int p = first; p < weights.length; p++) {
                double s = 0;
                for (int i = 0; i < KEY; i++) {
                    s +=
                            (double) q[row * HEADS * KEY + head * KEY + i]
                                    * k[p * KV_HEADS * KEY + kvHead * KEY + i];
                }
                s *= spec.scale();
                s = spec.softcap() == 0 ? s : spec.softcap() * Math.tanh(s / spec.softcap());
                weights[p] = Math.exp(s - spec.slope(head) * Math.abs(row - p));
                sum += weights[p];
            }
            double[] mean = new double[VALUE];
            for (int p = first; p < weights.length; p++) {
                for (int i = 0; i < VALUE; i++) {
                    mean[i] += weights[p] / sum * v[p * KV_HEADS * VALUE + kvHead * VALUE + i];
                }
            }
            return mean;
        }
    }
}
