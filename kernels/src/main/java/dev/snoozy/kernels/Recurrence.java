package dev.snoozy.kernels;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What recurrent layers compute, token by token, so that no batch can change a bit. Rows lie in
 * plain arrays one after the other; a state begins at {@code at} in its page.
 */
final class Recurrence {
    /** Above it the soft-plus is its argument, to the last bit. */
    private static final float STRAIGHT = 20;

    private Recurrence() {}

    /**
     * A causal convolution of each channel with weights of its own. The state is the last {@code
     * width - 1} inputs, the oldest first.
     *
     * @param x {@code [rows, channels]}
     * @param weight {@code [channels, width]}, the oldest input's first
     */
    static float[] convolve(
            float[] x,
            float[] weight,
            float @Nullable [] bias,
            StatePages pages,
            int at,
            StateRuns rows) {
        int channels = channels(x, rows);
        int width = weight.length / channels;
        int kept = (width - 1) * channels;
        float[] y = new float[x.length];
        for (StateRuns.Run run : rows.runs()) {
            float[] page = pages.page(run.page());
            float[] seen = new float[kept + run.count() * channels]; // the state, then the inputs
            if (!run.fresh()) {
                System.arraycopy(page, at, seen, 0, kept);
            }
            System.arraycopy(x, run.row() * channels, seen, kept, run.count() * channels);
            for (int t = 0; t < run.count(); t++) {
                int out = (run.row() + t) * channels;
                for (int c = 0; c < channels; c++) {
                    float sum = 0;
                    for (int j = 0; j < width; j++) {
                        sum += weight[c * width + j] * seen[(t + j) * channels + c];
                    }
                    y[out + c] = bias == null ? sum : sum + bias[c];
                }
            }
            System.arraycopy(seen, run.count() * channels, page, at, kept);
        }
        return y;
    }

    private static int channels(float[] x, StateRuns rows) {
        int count = rows.runs().stream().mapToInt(StateRuns.Run::count).sum();
        return x.length / count;
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
            StateRuns rows) {
        float[] y = new float[x.length];
        for (StateRuns.Run run : rows.runs()) {
            float[] page = pages.page(run.page());
            begin(page, at, spec.length(), run);
            for (int row = run.row(); row < run.row() + run.count(); row++) {
                for (int h = 0; h < spec.heads(); h++) {
                    scanHead(x, step, b, c, spec, page, at, row, h, y);
                }
            }
        }
        return y;
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
            float[] y) {
        int length = spec.headLength();
        int n = spec.stateLength();
        int from = (row * spec.heads() + h) * length;
        int group = (row * spec.groups() + h / (spec.heads() / spec.groups())) * n;
        boolean each = spec.a().length != spec.heads();
        float delta = softplus(step[row * spec.heads() + h] + spec.stepBias()[h]);
        for (int i = 0; i < n; i++) {
            float keep = (float) Math.exp(delta * spec.a()[each ? h * n + i : h]);
            float write = b[group + i];
            float read = c[group + i];
            int s = at + (h * n + i) * length;
            for (int p = 0; p < length; p++) {
                float value = state[s + p] * keep + write * (x[from + p] * delta);
                state[s + p] = value;
                y[from + p] += value * read;
            }
        }
        for (int p = 0; p < length; p++) {
            y[from + p] += x[from + p] * spec.d()[h];
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
            StateRuns rows) {
        float[] queries = unit(q, spec.keyLength(), spec.epsilon());
        float[] keys = unit(k, spec.keyLength(), spec.epsilon());
        float[] y = new float[v.length];
        float[] change = new float[spec.valueLength()];
        for (StateRuns.Run run : rows.runs()) {
            float[] page = pages.page(run.page());
            begin(page, at, spec.length(), run);
            for (int row = run.row(); row < run.row() + run.count(); row++) {
                for (int h = 0; h < spec.valueHeads(); h++) {
                    int gate = row * spec.valueHeads() + h;
                    float keep =
                            (float)
                                    Math.exp(
                                            softplus(step[gate] + spec.stepBias()[h])
                                                    * spec.a()[h]);
                    float share = 1 / (1 + (float) Math.exp(-beta[gate]));
                    deltaHead(queries, keys, v, spec, page, at, row, h, keep, share, change, y);
                }
            }
        }
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
            float[] change,
            float[] y) {
        int keyLength = spec.keyLength();
        int n = spec.valueLength();
        int key = (row * spec.keyHeads() + h % spec.keyHeads()) * keyLength;
        int value = (row * spec.valueHeads() + h) * n;
        int matrix = at + h * keyLength * n;
        Arrays.fill(change, 0);
        for (int i = 0; i < keyLength; i++) {
            float by = k[key + i];
            int s = matrix + i * n;
            for (int j = 0; j < n; j++) {
                float faded = m[s + j] * keep;
                m[s + j] = faded;
                change[j] += faded * by;
            }
        }
        for (int j = 0; j < n; j++) {
            change[j] = (v[value + j] - change[j]) * share;
        }
        float scale = (float) (1 / Math.sqrt(keyLength));
        for (int i = 0; i < keyLength; i++) {
            float by = k[key + i];
            float asked = q[key + i] * scale;
            int s = matrix + i * n;
            for (int j = 0; j < n; j++) {
                float now = m[s + j] + by * change[j];
                m[s + j] = now;
                y[value + j] += now * asked;
            }
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

    private static void begin(float[] page, int at, int length, StateRuns.Run run) {
        if (run.fresh()) {
            Arrays.fill(page, at, at + length, 0);
        }
    }

    private static float softplus(float x) {
        return x > STRAIGHT ? x : (float) Math.log1p(Math.exp(x));
    }
}
