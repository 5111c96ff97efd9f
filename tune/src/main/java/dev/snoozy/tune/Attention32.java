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
 * each sum has one owner and one order. Queries go in blocks. Keys, values and all gradients are
 * turned, {@code [length, positions]}, so that the inner loops run along positions or along a block
 * and have no sums across lanes.
 */
final class Attention32 {
    /** Rows of queries, each of a position and a head, that are computed together. */
    private static final int BLOCK = 128;

    private final Kernels kernels;

    Attention32(Kernels kernels) {
        this.kernels = kernels;
    }

    /** What all members read, a row per position, and the gradients that they write. */
    private record Arrays32(
            float[][] g,
            float[][] o,
            float[][] q,
            float[][] k,
            float[][] v,
            float[] dq,
            float[] dk,
            float[] dv) {}

    Tensor[] backward(
            Tensor g, Tensor o, Tensor q, Tensor k, Tensor v, KvRows rows, AttentionSpec spec) {
        List<int[]> texts = texts(rows);
        Arrays32 arrays =
                new Arrays32(
                        all(g),
                        all(o),
                        all(q),
                        all(k),
                        all(v),
                        new float[Math.multiplyExact(q.rows(), q.columns())],
                        new float[Math.multiplyExact(k.rows(), k.columns())],
                        new float[Math.multiplyExact(v.rows(), v.columns())]);
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

    private float[][] all(Tensor x) {
        float[][] all = new float[x.rows()][x.columns()];
        kernels.each(all.length, (row, member) -> kernels.download(x, row, all[row]));
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
        private final int group; // heads of queries
        private final float[][] turnedKeys; // [n, positions]
        private final float[][] turnedValues; // [valueLength, positions]
        private final float[][] dk; // [n, positions]
        private final float[][] dv; // [valueLength, positions]
        private final float[][] queries; // [block, n]
        private final float[][] turnedQueries; // [n, block]
        private final float[][] gradients; // [block, valueLength]
        private final float[][] turnedGradients; // [valueLength, block]
        private final float[][] p; // [block, positions]
        private final float[][] ds; // [block, positions]
        private final float[][] turnedDs; // [positions, block]
        private final float[][] dq; // [n, block]
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
            group = spec.heads() / spec.kvHeads();
            turnedKeys = new float[n][count];
            turnedValues = new float[valueLength][count];
            dk = new float[n][count];
            dv = new float[valueLength][count];
            int block = Math.min(BLOCK, count * group);
            queries = new float[block][n];
            turnedQueries = new float[n][block];
            gradients = new float[block][valueLength];
            turnedGradients = new float[valueLength][block];
            p = new float[block][count];
            ds = new float[block][count];
            turnedDs = new float[count][block];
            dq = new float[n][block];
            slope = new float[spec.softcap() == 0 ? 0 : count];
        }

        void run() {
            for (int j = 0; j < count; j++) {
                turn(arrays.k[start + j], kvHead * n, turnedKeys, j);
                turn(arrays.v[start + j], kvHead * valueLength, turnedValues, j);
            }
            for (int first = 0; first < count * group; first += BLOCK) {
                block(first, Math.min(BLOCK, count * group - first));
            }
            int kStride = spec.kvHeads() * n;
            int vStride = spec.kvHeads() * valueLength;
            for (int j = 0; j < count; j++) {
                turnBack(dk, j, arrays.dk, (start + j) * kStride + kvHead * n);
                turnBack(dv, j, arrays.dv, (start + j) * vStride + kvHead * valueLength);
            }
        }

        /** A part of a row becomes a column. */
        private static void turn(float[] row, int at, float[][] turned, int column) {
            for (int i = 0; i < turned.length; i++) {
                turned[i][column] = row[at + i];
            }
        }

        private static void turnBack(float[][] turned, int column, float[] target, int at) {
            for (int i = 0; i < turned.length; i++) {
                target[at + i] = turned[i][column];
            }
        }

        /** Some rows of queries, of which all heads of a position stand before the next one's. */
        private void block(int first, int size) {
            int from = count;
            int to = 0;
            for (int b = 0; b < size; b++) {
                int t = start + (first + b) / group;
                int h = kvHead * group + (first + b) % group;
                from = Math.min(from, rows.first()[t]);
                to = Math.max(to, rows.last()[t] + 1);
                System.arraycopy(arrays.q[t], h * n, queries[b], 0, n);
                System.arraycopy(arrays.g[t], h * valueLength, gradients[b], 0, valueLength);
                turn(queries[b], 0, turnedQueries, b);
                turn(gradients[b], 0, turnedGradients, b);
            }
            for (int b = 0; b < size; b++) {
                Arrays.fill(p[b], from, to, 0f);
                Arrays.fill(ds[b], from, to, 0f);
            }
            SmallProducts.add(queries, 0, turnedKeys, 0, n, p, size, from, to);
            SmallProducts.add(gradients, 0, turnedValues, 0, valueLength, ds, size, from, to);
            for (int b = 0; b < size; b++) {
                row(b, (first + b) / group, kvHead * group + (first + b) % group, from, to);
            }
            SmallProducts.add(turnedQueries, 0, ds, 0, size, dk, n, from, to);
            SmallProducts.add(turnedGradients, 0, p, 0, size, dv, valueLength, from, to);
            for (float[] row : dq) {
                Arrays.fill(row, 0f);
            }
            SmallProducts.add(turnedKeys, from, turnedDs, from, to - from, dq, n, 0, size);
            for (int b = 0; b < size; b++) {
                int t = start + (first + b) / group;
                int h = kvHead * group + (first + b) % group;
                turnBack(dq, b, arrays.dq, (t * spec.heads() + h) * n);
            }
        }

        /**
         * One query, from {@code q K'} to P and from {@code g V'} to the gradient of the scores.
         *
         * @param first position that the block sees
         * @param last exclusive
         */
        private void row(int b, int t, int h, int first, int last) {
            float[] mine = p[b];
            float[] slopes = ds[b];
            int from = rows.first()[start + t];
            int to = rows.last()[start + t] + 1;
            Arrays.fill(mine, first, from, 0f); // what the others see and this one does not
            Arrays.fill(mine, to, last, 0f);
            Arrays.fill(slopes, first, from, 0f);
            Arrays.fill(slopes, to, last, 0f);
            softmax(mine, t, h, from, to);
            float total = 0; // g o
            for (int i = 0; i < valueLength; i++) {
                float out = arrays.o[start + t][h * valueLength + i];
                total = Math.fma(gradients[b][i], out, total);
            }
            float scale = spec.scale();
            for (int j = from; j < to; j++) {
                slopes[j] = mine[j] * (slopes[j] - total) * scale;
            }
            if (spec.softcap() != 0) {
                for (int j = from; j < to; j++) {
                    slopes[j] *= slope[j];
                }
            }
            for (int j = first; j < last; j++) {
                turnedDs[j][b] = slopes[j];
            }
        }

        /** {@code s = softmax(softcap(scale s) - slope distance)}, a sink beside it. */
        private void softmax(float[] s, int t, int h, int from, int to) {
            boolean sinks = spec.sinks().length > 0;
            float max = sinks ? spec.sinks()[h] : Float.NEGATIVE_INFINITY;
            float cap = spec.softcap();
            float fall = spec.slope(h);
            for (int j = from; j < to; j++) {
                float score = s[j] * spec.scale();
                if (cap != 0) {
                    score = (float) Formulas.softcap(score, cap);
                    slope[j] = (float) Formulas.softcapSlope(score, cap);
                }
                score -= fall * Math.abs(t - j);
                s[j] = score;
                max = Math.max(max, score);
            }
            double sum = sinks ? Math.exp(spec.sinks()[h] - max) : 0;
            for (int j = from; j < to; j++) {
                s[j] = (float) Math.exp(s[j] - max);
                sum += s[j];
            }
            float inverse = (float) (1 / sum);
            for (int j = from; j < to; j++) {
                s[j] *= inverse;
            }
        }
    }
}
