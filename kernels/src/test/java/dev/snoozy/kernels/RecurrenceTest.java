package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Recurrent operations against double precision, and texts cut anywhere against whole ones; of few
 * heads, and of more than one thread has in one piece of work.
 */
class RecurrenceTest {
    private static final int ROWS = 13;
    private static final int AT = 5;

    private final Random random = new Random(11);
    private final ThreadTeam team = new ThreadTeam(3);

    @AfterEach
    void close() {
        team.close();
    }

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private interface Op {
        float[] apply(int from, int to, StatePages pages, StateRuns runs);
    }

    private static float[] rows(float[] x, int from, int to) {
        int columns = x.length / ROWS;
        return Arrays.copyOfRange(x, from * columns, to * columns);
    }

    private static StatePages pages(int length) {
        StatePages pages = new StatePages(AT + length);
        pages.reserve(3);
        Arrays.fill(pages.page(1), Float.NaN); // what a page held before has no meaning
        return pages;
    }

    /** The text at once, which must be the bits of the text in any two parts. */
    private static float[] whole(int length, Op op) {
        StatePages pages = pages(length);
        float[] all = op.apply(0, ROWS, pages, runs(ROWS, true));
        for (int cut = 1; cut < ROWS; cut++) {
            StatePages again = pages(length);
            float[] first = op.apply(0, cut, again, runs(cut, true));
            float[] second = op.apply(cut, ROWS, again, runs(ROWS - cut, false));
            float[] joined = Arrays.copyOf(first, all.length);
            System.arraycopy(second, 0, joined, first.length, second.length);
            assertThat(joined).as("cut at %d", cut).isEqualTo(all);
            assertThat(again.page(1)).isEqualTo(pages.page(1));
        }
        assertThat(Arrays.copyOf(pages.page(1), AT)).containsOnly(Float.NaN); // not its own
        return all;
    }

    private static StateRuns runs(int count, boolean fresh) {
        return new StateRuns(List.of(new StateRuns.Run(0, count, 1, fresh)));
    }

    @Test
    void aConvolutionSumsTheLastInputsOfEachChannel() {
        convolution(7);
        convolution(2500);
    }

    private void convolution(int channels) {
        int width = 4;
        float[] x = numbers(ROWS * channels);
        float[] weight = numbers(channels * width);
        float[] bias = numbers(channels);
        float[] found =
                whole(
                        (width - 1) * channels,
                        (from, to, pages, runs) ->
                                Recurrence.convolve(
                                        rows(x, from, to),
                                        weight,
                                        bias,
                                        pages,
                                        AT,
                                        runs,
                                        team::run));
        for (int t = 0; t < ROWS; t++) {
            for (int c = 0; c < channels; c++) {
                double sum = bias[c];
                for (int j = 0; j < width; j++) {
                    int past = t - width + 1 + j;
                    double input = past < 0 ? 0 : x[past * channels + c];
                    sum += weight[j * channels + c] * input;
                }
                assertThat((double) found[t * channels + c]).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void aScanIsThatOfDoublePrecision() {
        scan(new ScanSpec(6, 3, 5, 2, numbers(6), negative(6), numbers(6)));
        scan(new ScanSpec(6, 1, 5, 1, numbers(6), negative(30), numbers(6)));
        scan(new ScanSpec(6, 32, 64, 2, numbers(6), negative(6), numbers(6)));
        scan(new ScanSpec(600, 1, 16, 1, numbers(600), negative(9600), numbers(600)));
    }

    private float[] negative(int count) {
        float[] values = numbers(count);
        for (int i = 0; i < count; i++) {
            values[i] = -Math.abs(values[i]);
        }
        return values;
    }

    private void scan(ScanSpec spec) {
        int heads = spec.heads();
        int n = spec.stateLength();
        int length = spec.headLength();
        float[] x = numbers(ROWS * heads * length);
        float[] step = numbers(ROWS * heads);
        float[] b = numbers(ROWS * spec.groups() * n);
        float[] c = numbers(ROWS * spec.groups() * n);
        float[] found =
                whole(
                        spec.length(),
                        (from, to, pages, runs) ->
                                Recurrence.scan(
                                        rows(x, from, to),
                                        rows(step, from, to),
                                        rows(b, from, to),
                                        rows(c, from, to),
                                        spec,
                                        pages,
                                        AT,
                                        runs,
                                        team::run));
        for (int h = 0; h < heads; h++) {
            int group = h / (heads / spec.groups());
            for (int p = 0; p < length; p++) {
                double[] state = new double[n];
                for (int t = 0; t < ROWS; t++) {
                    double input = x[(t * heads + h) * length + p];
                    double delta = Math.log1p(Math.exp(step[t * heads + h] + spec.stepBias()[h]));
                    double y = input * spec.d()[h];
                    for (int i = 0; i < n; i++) {
                        double a = spec.a()[spec.a().length == heads ? h : h * n + i];
                        int at = (t * spec.groups() + group) * n + i;
                        state[i] = state[i] * Math.exp(delta * a) + delta * b[at] * input;
                        y += state[i] * c[at];
                    }
                    assertThat((double) found[(t * heads + h) * length + p])
                            .isCloseTo(y, within(1e-4 * (1 + Math.abs(y))));
                }
            }
        }
    }

    @Test
    void aDeltaRuleIsThatOfDoublePrecision() {
        delta(new DeltaSpec(2, 4, 3, 5, numbers(4), negative(4), 1e-6f, false));
        delta(new DeltaSpec(2, 4, 48, 64, numbers(4), negative(4), 1e-6f, false));
        delta(new DeltaSpec(2, 6, 48, 64, numbers(6), negative(6), 1e-6f, true));
    }

    private void delta(DeltaSpec spec) {
        int keyLength = spec.keyLength();
        int n = spec.valueLength();
        int heads = spec.valueHeads();
        float[] q = numbers(ROWS * 2 * keyLength);
        float[] k = numbers(ROWS * 2 * keyLength);
        float[] v = numbers(ROWS * heads * n);
        float[] step = numbers(ROWS * heads);
        float[] beta = numbers(ROWS * heads);
        float[] found =
                whole(
                        spec.length(),
                        (from, to, pages, runs) ->
                                Recurrence.delta(
                                        rows(q, from, to),
                                        rows(k, from, to),
                                        rows(v, from, to),
                                        rows(step, from, to),
                                        rows(beta, from, to),
                                        spec,
                                        pages,
                                        AT,
                                        runs,
                                        team::run));
        for (int h = 0; h < heads; h++) {
            int key = spec.neighbours() ? h / (heads / 2) : h % 2;
            double[][] m = new double[keyLength][n];
            for (int t = 0; t < ROWS; t++) {
                double[] query = unit(q, (t * 2 + key) * keyLength, keyLength);
                double[] unitKey = unit(k, (t * 2 + key) * keyLength, keyLength);
                double delta = Math.log1p(Math.exp(step[t * heads + h] + spec.stepBias()[h]));
                double keep = Math.exp(delta * spec.a()[h]);
                double share = 1 / (1 + Math.exp(-beta[t * heads + h]));
                for (int j = 0; j < n; j++) {
                    double known = 0;
                    for (int i = 0; i < keyLength; i++) {
                        m[i][j] *= keep;
                        known += m[i][j] * unitKey[i];
                    }
                    double change = share * (v[(t * heads + h) * n + j] - known);
                    double y = 0;
                    for (int i = 0; i < keyLength; i++) {
                        m[i][j] += unitKey[i] * change;
                        y += m[i][j] * query[i] / Math.sqrt(keyLength);
                    }
                    assertThat((double) found[(t * heads + h) * n + j]).isCloseTo(y, within(1e-5));
                }
            }
        }
    }

    private static double[] unit(float[] x, int at, int length) {
        double[] values = new double[length];
        Arrays.setAll(values, i -> x[at + i]);
        double sum = Math.sqrt(Arrays.stream(values).map(i -> i * i).sum());
        return Arrays.stream(values).map(i -> i / sum).toArray();
    }

    @Test
    void anyNumberOfThreadsComputesTheSameBits() {
        ScanSpec spec = new ScanSpec(6, 32, 64, 2, numbers(6), negative(6), numbers(6));
        float[] x = numbers(ROWS * 192);
        float[] step = numbers(ROWS * 6);
        float[] b = numbers(ROWS * 128);
        float[] c = numbers(ROWS * 128);
        StateRuns runs =
                new StateRuns(
                        List.of(
                                new StateRuns.Run(0, 4, 0, true),
                                new StateRuns.Run(4, ROWS - 4, 2, true)));
        StatePages pages = pages(spec.length());
        float[] expected =
                Recurrence.scan(x, step, b, c, spec, pages, AT, runs, RecurrenceTest::backwards);
        for (int threads = 1; threads <= 3; threads++) {
            try (ThreadTeam others = new ThreadTeam(threads)) {
                StatePages again = pages(spec.length());
                float[] found = Recurrence.scan(x, step, b, c, spec, again, AT, runs, others::run);
                assertThat(found).as("%d threads", threads).isEqualTo(expected);
                assertThat(again.page(0)).isEqualTo(pages.page(0));
                assertThat(again.page(2)).isEqualTo(pages.page(2));
            }
        }
    }

    private static void backwards(int items, ThreadTeam.Work work) {
        assertThat(items).isGreaterThan(2); // else there is nothing to share
        for (int item = items - 1; item >= 0; item--) {
            work.run(item, 0);
        }
    }

    @Test
    void textsBesideEachOtherDoNotTouchEachOther() {
        int channels = 3;
        float[] weight = numbers(channels * 3);
        float[] x = numbers(ROWS * channels);
        StatePages pages = pages(2 * channels);
        StateRuns both =
                new StateRuns(
                        List.of(
                                new StateRuns.Run(0, 5, 0, true),
                                new StateRuns.Run(5, ROWS - 5, 2, true)));
        float[] found = Recurrence.convolve(x, weight, null, pages, AT, both, team::run);
        StatePages alone = pages(2 * channels);
        float[] second =
                Recurrence.convolve(
                        rows(x, 5, ROWS), weight, null, alone, AT, runs(ROWS - 5, true), team::run);
        assertThat(rows(found, 5, ROWS)).isEqualTo(second);
        assertThat(Arrays.copyOfRange(pages.page(2), AT, AT + 2 * channels))
                .isEqualTo(Arrays.copyOfRange(alone.page(1), AT, AT + 2 * channels));
    }

    @Test
    void parametersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new ScanSpec(6, 1, 4, 4, numbers(6), numbers(6), numbers(6)))
                .hasMessageContaining("6 heads in 4 groups");
        assertThatThrownBy(() -> new DeltaSpec(3, 4, 2, 2, numbers(4), numbers(4), 0, false))
                .hasMessageContaining("4 heads over 3");
    }
}
