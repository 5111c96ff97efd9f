package dev.snoozy.tune;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The backward of attention in F32; the formulas are those of {@link Attention64}. A member of the
 * team takes a text and a head of keys and values, with all heads of queries that read it, so that
 * each sum has one owner and one order. Keys and values are turned, {@code [length, positions]}, so
 * that the inner loops run along positions or along a head and have no sums across lanes.
 */
final class Attention32 {
    private final Kernels kernels;

    Attention32(Kernels kernels) {
        this.kernels = kernels;
    }

    /** What all members read, and the gradients that they write. */
    private record Arrays32(
            float[] g,
            float[] o,
            float[] q,
            float[] k,
            float[] v,
            float[] dq,
            float[] dk,
            float[] dv) {}

    Tensor[] backward(
            Tensor g, Tensor o, Tensor q, Tensor k, Tensor v, KvRows rows, AttentionSpec spec) {
        List<int[]> texts = texts(rows);
        float[] queries = all(q);
        float[] keys = all(k);
        float[] values = all(v);
        Arrays32 arrays =
                new Arrays32(
                        all(g),
                        all(o),
                        queries,
                        keys,
                        values,
                        new float[queries.length],
                        new float[keys.length],
                        new float[values.length]);
        int n = q.columns() / spec.heads();
        int valueLength = v.columns() / spec.kvHeads();
        kernels.each(
                texts.size() * spec.kvHeads(),
                (item, member) -> {
                    int[] text = texts.get(item / spec.kvHeads());
                    int kvHead = item % spec.kvHeads();
                    new Head(arrays, rows, spec, n, valueLength, text[0], text[1], kvHead).run();
                });
        return new Tensor[] {
            kernels.upload(arrays.dq, q.rows(), q.columns()),
            kernels.upload(arrays.dk, k.rows(), k.columns()),
            kernels.upload(arrays.dv, v.rows(), v.columns())
        };
    }

    /** First and last row, exclusive, of each text. */
    private static List<int[]> texts(KvRows rows) {
        List<int[]> texts = new ArrayList<>();
        for (int start = 0; start < rows.size(); ) {
            Texts.start(rows, start);
            int end = Texts.end(rows, start);
            texts.add(new int[] {start, end});
            start = end;
        }
        return texts;
    }

    private float[] all(Tensor x) {
        float[] all = new float[Math.multiplyExact(x.rows(), x.columns())];
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            kernels.download(x, t, row);
            System.arraycopy(row, 0, all, t * row.length, row.length);
        }
        return all;
    }

    /** One text and one head of keys and values. */
    private static final class Head {
        private final Arrays32 arrays;
        private final KvRows rows;
        private final AttentionSpec spec;
        private final int n;
        private final int valueLength;
        private final int start;
        private final int count;
        private final int kvHead;
        private final float[] keys; // [positions, n]
        private final float[] turnedKeys; // [n, positions]
        private final float[] turnedValues; // [valueLength, positions]
        private final float[] dk; // [positions, n]
        private final float[] dv; // [positions, valueLength]
        private final float[] p; // [positions]
        private final float[] ds; // [positions]
        private final float[] slope; // [positions], of the soft cap

        Head(
                Arrays32 arrays,
                KvRows rows,
                AttentionSpec spec,
                int n,
                int valueLength,
                int start,
                int end,
                int kvHead) {
            this.arrays = arrays;
            this.rows = rows;
            this.spec = spec;
            this.n = n;
            this.valueLength = valueLength;
            this.start = start;
            this.kvHead = kvHead;
            count = end - start;
            keys = new float[count * n];
            turnedKeys = new float[count * n];
            turnedValues = new float[count * valueLength];
            dk = new float[count * n];
            dv = new float[count * valueLength];
            p = new float[count];
            ds = new float[count];
            slope = new float[count];
        }

        void run() {
            int kStride = spec.kvHeads() * n;
            int vStride = spec.kvHeads() * valueLength;
            for (int j = 0; j < count; j++) {
                int key = (start + j) * kStride + kvHead * n;
                System.arraycopy(arrays.k, key, keys, j * n, n);
                for (int i = 0; i < n; i++) {
                    turnedKeys[i * count + j] = arrays.k[key + i];
                }
                int value = (start + j) * vStride + kvHead * valueLength;
                for (int i = 0; i < valueLength; i++) {
                    turnedValues[i * count + j] = arrays.v[value + i];
                }
            }
            int group = spec.heads() / spec.kvHeads();
            for (int t = 0; t < count; t++) {
                for (int h = kvHead * group; h < (kvHead + 1) * group; h++) {
                    row(t, h);
                }
            }
            for (int j = 0; j < count; j++) {
                System.arraycopy(dk, j * n, arrays.dk, (start + j) * kStride + kvHead * n, n);
                int value = (start + j) * vStride + kvHead * valueLength;
                System.arraycopy(dv, j * valueLength, arrays.dv, value, valueLength);
            }
        }

        private void row(int t, int h) {
            int query = ((start + t) * spec.heads() + h) * n;
            int out = ((start + t) * spec.heads() + h) * valueLength;
            int from = rows.first()[start + t];
            int to = rows.last()[start + t] + 1;
            softmax(query, from, to);
            // dP = g V', and the total g o
            Arrays.fill(ds, from, to, 0f);
            float total = 0;
            for (int i = 0; i < valueLength; i++) {
                float gi = arrays.g[out + i];
                total = Math.fma(gi, arrays.o[out + i], total);
                addScaled(gi, turnedValues, i * count + from, ds, from, to - from);
            }
            for (int j = from; j < to; j++) {
                ds[j] = p[j] * (ds[j] - total) * spec.scale();
            }
            if (spec.softcap() != 0) {
                for (int j = from; j < to; j++) {
                    ds[j] *= slope[j];
                }
            }
            for (int j = from; j < to; j++) {
                addScaled(p[j], arrays.g, out, dv, j * valueLength, valueLength);
                addScaled(ds[j], arrays.q, query, dk, j * n, n);
                addScaled(ds[j], keys, j * n, arrays.dq, query, n);
            }
        }

        /** {@code p = softmax(softcap(scale q K'))}. */
        private void softmax(int query, int from, int to) {
            Arrays.fill(p, from, to, 0f);
            for (int i = 0; i < n; i++) {
                addScaled(arrays.q[query + i], turnedKeys, i * count + from, p, from, to - from);
            }
            float max = Float.NEGATIVE_INFINITY;
            float cap = spec.softcap();
            for (int j = from; j < to; j++) {
                float s = p[j] * spec.scale();
                if (cap != 0) {
                    s = (float) Formulas.softcap(s, cap);
                    slope[j] = (float) Formulas.softcapSlope(s, cap);
                }
                p[j] = s;
                max = Math.max(max, s);
            }
            double sum = 0;
            for (int j = from; j < to; j++) {
                p[j] = (float) Math.exp(p[j] - max);
                sum += p[j];
            }
            float inverse = (float) (1 / sum);
            for (int j = from; j < to; j++) {
                p[j] *= inverse;
            }
        }

        /** {@code y += a x}, the loop that the compiler makes vectors of. */
        private static void addScaled(float a, float[] x, int xAt, float[] y, int yAt, int count) {
            for (int i = 0; i < count; i++) {
                y[yAt + i] = Math.fma(a, x[xAt + i], y[yAt + i]);
            }
        }
    }
}
