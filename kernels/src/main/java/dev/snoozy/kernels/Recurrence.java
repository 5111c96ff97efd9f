package dev.snoozy.kernels;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * What recurrent layers compute, token by token, so that no batch can change a bit. Rows lie in
 * plain arrays one after the other; a state begins at {@code at} in its page.
 *
 * <p>Heads (channels, in a convolution) know nothing of one another, so that the work of each text
 * is cut between them into pieces for the thread team. Inner loops are over arrays that all begin
 * at 0: where two begin at different places, the compiler cannot know that they do not overlap, and
 * computes number by number.
 */
final class Recurrence {
    /** Above it the soft-plus is its argument, to the last bit. */
    private static final float STRAIGHT = 20;

    /** Numbers of the state in a piece of work, about: they stay in the nearest cache. */
    private static final int PIECE = 4096;

    private Recurrence() {}

    /** Who computes items of work, each once; see {@link Kernels#each}. */
    @FunctionalInterface
    interface Spread {
        void each(int items, ThreadTeam.Work work);
    }

    /** The work of one text for some heads. */
    @FunctionalInterface
    private interface Piece {
        /**
         * Goes through the rows of a run in order.
         *
         * @param page with the state of all heads
         * @param first head
         * @param end the head after the last
         */
        void run(StateRuns.Run run, float[] page, int first, int end);
    }

    /**
     * @param numbers of the state of each head
     */
    private static void spread(
            Spread spread, StatePages pages, StateRuns rows, int heads, int numbers, Piece piece) {
        List<StateRuns.Run> runs = rows.runs();
        float[][] states = new float[runs.size()][];
        Arrays.setAll(states, i -> pages.page(runs.get(i).page())); // makes it if it is new
        int each = Math.clamp(PIECE / numbers, 1, heads);
        int pieces = Math.ceilDiv(heads, each);
        spread.each(
                runs.size() * pieces,
                (item, member) -> {
                    int run = item / pieces;
                    int first = item % pieces * each;
                    int end = Math.min(heads, first + each);
                    piece.run(runs.get(run), states[run], first, end);
                });
    }

    /**
     * A causal convolution of each channel with weights of its own. The state is the last {@code
     * width - 1} inputs, the oldest first.
     *
     * @param x {@code [rows, channels]}
     * @param weight {@code [width, channels]}, the oldest input's first
     */
    static float[] convolve(
            float[] x,
            float[] weight,
            float @Nullable [] bias,
            StatePages pages,
            int at,
            StateRuns rows,
            Spread spread) {
        int channels = channels(x, rows);
        int width = weight.length / channels;
        float[] y = new float[x.length];
        spread(
                spread,
                pages,
                rows,
                channels,
                width,
                (run, page, first, end) -> {
                    float[][] seen = seen(x, page, at, channels, width, run, first, end);
                    float[][] weights = part(weight, width, channels, first, end);
                    int n = end - first;
                    for (int t = 0; t < run.count(); t++) {
                        float[] sums = new float[n];
                        for (int j = 0; j < width; j++) {
                            addProducts(sums, weights[j], seen[t + j]);
                        }
                        int out = (run.row() + t) * channels + first;
                        for (int c = 0; c < n; c++) {
                            y[out + c] = bias == null ? sums[c] : sums[c] + bias[first + c];
                        }
                    }
                    for (int j = 0; j < width - 1; j++) {
                        int to = at + j * channels + first;
                        System.arraycopy(seen[run.count() + j], 0, page, to, n);
                    }
                });
        return y;
    }

    private static int channels(float[] x, StateRuns rows) {
        int count = rows.runs().stream().mapToInt(StateRuns.Run::count).sum();
        return x.length / count;
    }

    /** Some channels of the state, then of the inputs: {@code [width - 1 + count, end - first]}. */
    private static float[][] seen(
            float[] x,
            float[] page,
            int at,
            int channels,
            int width,
            StateRuns.Run run,
            int first,
            int end) {
        int kept = width - 1;
        float[][] seen = new float[kept + run.count()][end - first];
        for (int i = run.fresh() ? kept : 0; i < seen.length; i++) {
            float[] from = i < kept ? page : x;
            int row = i < kept ? at + i * channels : (run.row() + i - kept) * channels;
            System.arraycopy(from, row + first, seen[i], 0, end - first);
        }
        return seen;
    }

    /** Columns {@code first .. end - 1} of a matrix. */
    private static float[][] part(float[] matrix, int rows, int columns, int first, int end) {
        float[][] part = new float[rows][];
        Arrays.setAll(
                part, i -> Arrays.copyOfRange(matrix, i * columns + first, i * columns + end));
        return part;
    }

    private static void addProducts(float[] sums, float[] a, float[] b) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * b[i];
        }
    }

    /**
     * A selective scan: {@code state = exp(step a) state + step b x}, {@code y = state c + d x},
     * for each channel of each head. The state is {@code [heads, stateLength, headLength]}.
     *
     * @param x {@code [rows, heads * headLength]}
     * @param step {@code [rows, heads]}
     * @param b {@code [rows, groups * stateLength]}, what is written
     * @param c {@code [rows, groups * stateLength]}, what is read
     */
    static float[] scan(
            float[] x,
            float[] step,
            float[] b,
            float[] c,
            ScanSpec spec,
            StatePages pages,
            int at,
            StateRuns rows,
            Spread spread) {
        float[] y = new float[x.length];
        int numbers = spec.stateLength() * spec.headLength();
        spread(
                spread,
                pages,
                rows,
                spec.heads(),
                numbers,
                (run, page, first, end) -> {
                    begin(page, at + first * numbers, at + end * numbers, run);
                    float[][] scratch = new float[3][spec.headLength()];
                    for (int row = run.row(); row < run.row() + run.count(); row++) {
                        for (int h = first; h < end; h++) {
                            if (spec.headLength() == 1) {
                                scanChannel(x, step, b, c, spec, page, at, row, h, y);
                            } else {
                                scanHead(x, step, b, c, spec, page, at, row, h, scratch, y);
                            }
                        }
                    }
                });
        return y;
    }

    /** A head of one channel: nothing to compute side by side. */
    private static void scanChannel(
            float[] x,
            float[] step,
            float[] b,
            float[] c,
            ScanSpec spec,
            float[] state,
            int at,
            int row,
            int h,
            float[] y) {
        int n = spec.stateLength();
        int channel = row * spec.heads() + h;
        int group = (row * spec.groups() + h / (spec.heads() / spec.groups())) * n;
        boolean each = spec.a().length != spec.heads();
        float delta = softplus(step[channel] + spec.stepBias()[h]);
        float input = x[channel] * delta;
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float keep = (float) Math.exp(delta * spec.a()[each ? h * n + i : h]);
            int s = at + h * n + i;
            float value = state[s] * keep + b[group + i] * input;
            state[s] = value;
            sum += value * c[group + i];
        }
        y[channel] = sum + x[channel] * spec.d()[h];
    }

    private static void scanHead(
            float[] x,
            float[] step,
            float[] b,
            float[] c,
            ScanSpec spec,
            float[] state,
            int at,
            int row,
            int h,
            float[][] scratch,
            float[] y) {
        int length = spec.headLength();
        int n = spec.stateLength();
        int from = (row * spec.heads() + h) * length;
        int group = (row * spec.groups() + h / (spec.heads() / spec.groups())) * n;
        boolean each = spec.a().length != spec.heads();
        float delta = softplus(step[row * spec.heads() + h] + spec.stepBias()[h]);
        float keep = each ? 0 : (float) Math.exp(delta * spec.a()[h]);
        float[] sums = scratch[0];
        float[] inputs = scratch[1];
        float[] values = scratch[2];
        for (int p = 0; p < length; p++) {
            sums[p] = 0;
            inputs[p] = x[from + p] * delta;
        }
        for (int i = 0; i < n; i++) {
            int s = at + (h * n + i) * length;
            float kept = each ? (float) Math.exp(delta * spec.a()[h * n + i]) : keep;
            System.arraycopy(state, s, values, 0, length);
            scanRow(values, inputs, sums, kept, b[group + i], c[group + i]);
            System.arraycopy(values, 0, state, s, length);
        }
        for (int p = 0; p < length; p++) {
            y[from + p] = sums[p] + x[from + p] * spec.d()[h];
        }
    }

    private static void scanRow(
            float[] values, float[] inputs, float[] sums, float keep, float write, float read) {
        for (int p = 0; p < values.length; p++) {
            float value = values[p] * keep + write * inputs[p];
            values[p] = value;
            sums[p] += value * read;
        }
    }

    /**
     * A gated delta rule over queries and keys of length 1: {@code M = exp(step a) M}, {@code M +=
     * k (sigmoid(beta) (v - k M))}, {@code y = q M / sqrt(keyLength)}. The state is {@code M
     * [valueHeads, keyLength, valueLength]}.
     *
     * @param q {@code [rows, keyHeads * keyLength]}
     * @param k {@code [rows, keyHeads * keyLength]}
     * @param v {@code [rows, valueHeads * valueLength]}
     * @param step {@code [rows, valueHeads]}
     * @param beta {@code [rows, valueHeads]}, before the sigmoid
     */
    static float[] delta(
            float[] q,
            float[] k,
            float[] v,
            float[] step,
            float[] beta,
            DeltaSpec spec,
            StatePages pages,
            int at,
            StateRuns rows,
            Spread spread) {
        float[] queries = unit(q, spec.keyLength(), spec.epsilon());
        float[] keys = unit(k, spec.keyLength(), spec.epsilon());
        float[] y = new float[v.length];
        int numbers = spec.keyLength() * spec.valueLength();
        spread(
                spread,
                pages,
                rows,
                spec.valueHeads(),
                numbers,
                (run, page, first, end) -> {
                    begin(page, at + first * numbers, at + end * numbers, run);
                    float[][] scratch = new float[3][spec.valueLength()];
                    for (int row = run.row(); row < run.row() + run.count(); row++) {
                        for (int h = first; h < end; h++) {
                            int gate = row * spec.valueHeads() + h;
                            float fade = softplus(step[gate] + spec.stepBias()[h]) * spec.a()[h];
                            float keep = (float) Math.exp(fade);
                            float share = 1 / (1 + (float) Math.exp(-beta[gate]));
                            deltaHead(
                                    queries, keys, v, spec, page, at, row, h, keep, share, scratch,
                                    y);
                        }
                    }
                });
        return y;
    }

    private static void deltaHead(
            float[] q,
            float[] k,
            float[] v,
            DeltaSpec spec,
            float[] m,
            int at,
            int row,
            int h,
            float keep,
            float share,
            float[][] scratch,
            float[] y) {
        int keyLength = spec.keyLength();
        int n = spec.valueLength();
        int key = (row * spec.keyHeads() + spec.keyHead(h)) * keyLength;
        int value = (row * spec.valueHeads() + h) * n;
        int matrix = at + h * keyLength * n;
        float[] sums = scratch[0];
        float[] change = scratch[1];
        float[] values = scratch[2];
        Arrays.fill(change, 0);
        for (int i = 0; i < keyLength; i++) {
            System.arraycopy(m, matrix + i * n, values, 0, n);
            known(values, change, keep, k[key + i]);
        }
        for (int j = 0; j < n; j++) {
            change[j] = (v[value + j] - change[j]) * share;
        }
        float scale = (float) (1 / Math.sqrt(keyLength));
        Arrays.fill(sums, 0);
        for (int i = 0; i < keyLength; i++) {
            int s = matrix + i * n;
            System.arraycopy(m, s, values, 0, n);
            correct(values, change, sums, keep, k[key + i], q[key + i] * scale);
            System.arraycopy(values, 0, m, s, n);
        }
        System.arraycopy(sums, 0, y, value, n);
    }

    /** Adds what the faded row says to a key. */
    private static void known(float[] values, float[] sums, float keep, float key) {
        for (int j = 0; j < values.length; j++) {
            sums[j] += values[j] * keep * key;
        }
    }

    /** Fades a row, corrects it, and adds what it then says to a query. */
    private static void correct(
            float[] values, float[] change, float[] sums, float keep, float key, float query) {
        for (int j = 0; j < values.length; j++) {
            float value = values[j] * keep + key * change[j];
            values[j] = value;
            sums[j] += value * query;
        }
    }

    /** Every head divided by its length. */
    private static float[] unit(float[] x, int length, float epsilon) {
        float[] y = new float[x.length];
        for (int head = 0; head < x.length; head += length) {
            float sum = 0;
            for (int i = 0; i < length; i++) {
                sum += x[head + i] * x[head + i];
            }
            float by = 1 / Math.max((float) Math.sqrt(sum), epsilon);
            for (int i = 0; i < length; i++) {
                y[head + i] = x[head + i] * by;
            }
        }
        return y;
    }

    private static void begin(float[] page, int from, int to, StateRuns.Run run) {
        if (run.fresh()) {
            Arrays.fill(page, from, to, 0);
        }
    }

    private static float softplus(float x) {
        return x > STRAIGHT ? x : (float) Math.log1p(Math.exp(x));
    }
}
