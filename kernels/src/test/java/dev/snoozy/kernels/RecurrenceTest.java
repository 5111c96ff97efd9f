package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Recurrent operations against double precision, and texts cut anywhere against whole ones. */
class RecurrenceTest {
    private static final int ROWS = 13;
    private static final int AT = 5;

    private final Random random = new Random(11);

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
        int channels = 7;
        int width = 4;
        float[] x = numbers(ROWS * channels);
        float[] weight = numbers(channels * width);
        float[] bias = numbers(channels);
        float[] found =
                whole(
                        (width - 1) * channels,
                        (from, to, pages, runs) ->
                                Recurrence.convolve(
                                        rows(x, from, to), weight, bias, pages, AT, runs));
        for (int t = 0; t < ROWS; t++) {
            for (int c = 0; c < channels; c++) {
                double sum = bias[c];
                for (int j = 0; j < width; j++) {
                    int past = t - width + 1 + j;
                    sum += past < 0 ? 0 : (double) weight[c * width + j] * x[past * channels + c];
                }
                assertThat((double) found[t * channels + c]).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void aScanIsThatOfDoublePrecision() {
        scan(new ScanSpec(6, 3, 5, 2, numbers(6), negative(6), numbers(6)));
        scan(new ScanSpec(6, 1, 5, 1, numbers(6), negative(30), numbers(6)));
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
                                        runs));
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
        DeltaSpec spec = new DeltaSpec(2, 4, 3, 5, numbers(4), negative(4), 1e-6f);
        float[] q = numbers(ROWS * 6);
        float[] k = numbers(ROWS * 6);
        float[] v = numbers(ROWS * 20);
        float[] step = numbers(ROWS * 4);
        float[] beta = numbers(ROWS * 4);
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
                                        runs));
        for (int h = 0; h < 4; h++) {
            double[][] m = new double[3][5];
            for (int t = 0; t < ROWS; t++) {
                double[] query = unit(q, (t * 2 + h % 2) * 3);
                double[] key = unit(k, (t * 2 + h % 2) * 3);
                double delta = Math.log1p(Math.exp(step[t * 4 + h] + spec.stepBias()[h]));
                double keep = Math.exp(delta * spec.a()[h]);
                double share = 1 / (1 + Math.exp(-beta[t * 4 + h]));
                for (int j = 0; j < 5; j++) {
                    double known = 0;
                    for (int i = 0; i < 3; i++) {
                        m[i][j] *= keep;
                        known += m[i][j] * key[i];
                    }
                    double change = share * (v[(t * 4 + h) * 5 + j] - known);
                    double y = 0;
                    for (int i = 0; i < 3; i++) {
                        m[i][j] += key[i] * change;
                        y += m[i][j] * query[i] / Math.sqrt(3);
                    }
                    assertThat((double) found[(t * 4 + h) * 5 + j]).isCloseTo(y, within(1e-5));
                }
            }
        }
    }

    private static double[] unit(float[] x, int at) {
        double[] values = {x[at], x[at + 1], x[at + 2]};
        double length = Math.sqrt(Arrays.stream(values).map(i -> i * i).sum());
        return Arrays.stream(values).map(i -> i / length).toArray();
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
        float[] found = Recurrence.convolve(x, weight, null, pages, AT, both);
        StatePages alone = pages(2 * channels);
        float[] second =
                Recurrence.convolve(
                        rows(x, 5, ROWS), weight, null, alone, AT, runs(ROWS - 5, true));
        assertThat(rows(found, 5, ROWS)).isEqualTo(second);
        assertThat(Arrays.copyOfRange(pages.page(2), AT, AT + 2 * channels))
                .isEqualTo(Arrays.copyOfRange(alone.page(1), AT, AT + 2 * channels));
    }

    @Test
    void parametersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new ScanSpec(6, 1, 4, 4, numbers(6), numbers(6), numbers(6)))
                .hasMessageContaining("6 heads in 4 groups");
        assertThatThrownBy(() -> new DeltaSpec(3, 4, 2, 2, numbers(4), numbers(4), 0))
                .hasMessageContaining("4 heads over 3");
    }
}
