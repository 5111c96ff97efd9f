package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.Sums;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic and norms of rows, element by element equal to the scalar kernels, spread over a team
 * where it is worth it. Used by one thread at a time.
 */
final class RowWork {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;

    /** Elements of one item: enough to be worth a member's while. */
    private static final int PIECE = 16_384;

    private final ThreadTeam team;
    private final float[][] lanes;

    /** Work on a team, which stays with its owner. */
    RowWork(ThreadTeam team) {
        this.team = team;
        lanes = new float[team.size()][Sums.LANES];
    }

    /** {@code y = a + b}, the first {@code count} elements. */
    void add(float[] a, float[] b, float[] y, int count) {
        pieces(count, (from, to) -> add(a, b, y, from, to));
    }

    /** {@code y = x * factor}, the first {@code count} elements. */
    void scale(float[] x, float factor, float[] y, int count) {
        pieces(count, (from, to) -> scale(x, factor, y, from, to));
    }

    /** {@code y[t] = x[t] * factors[t]}. */
    void scaleRows(Rows x, float[] factors, Rows y) {
        rows(
                x.rows(),
                x.columns(),
                (t, member) -> scale(x.data(), factors[t], y.data(), x.at(t), x.at(t + 1)));
    }

    /** Root mean square norm of every group of {@code w.length} elements. */
    void rmsNorm(Rows x, float[] w, float epsilon, Rows y) {
        int n = w.length;
        rows(
                x.rows() * (x.columns() / n),
                n,
                (group, member) -> {
                    int at = group * n;
                    float mean = RowSums.sumOfSquares(x.data(), at, n, 0, lanes[member]) / n;
                    float inverse = (float) (1 / Math.sqrt(mean + epsilon));
                    normal(x.data(), at, 0, inverse, w, y.data());
                });
    }

    /** Layer norm of every row; an empty bias is none. */
    void layerNorm(Rows x, float[] w, float[] bias, float epsilon, Rows y) {
        int n = x.columns();
        rows(
                x.rows(),
                n,
                (t, member) -> {
                    int at = x.at(t);
                    float[] lane = lanes[member];
                    float mean = RowSums.sum(x.data(), at, n, lane) / n;
                    float variance = RowSums.sumOfSquares(x.data(), at, n, mean, lane) / n;
                    float inverse = (float) (1 / Math.sqrt(variance + epsilon));
                    normal(x.data(), at, mean, inverse, w, y.data());
                    if (bias.length > 0) {
                        addTo(y.data(), at, bias);
                    }
                });
    }

    /** {@code y += bias} for every row. */
    void addBias(Rows y, float[] bias) {
        rows(y.rows(), y.columns(), (t, member) -> addTo(y.data(), y.at(t), bias));
    }

    private static void add(float[] a, float[] b, float[] y, int from, int to) {
        int i = from;
        for (; i + Lanes.COUNT <= to; i += Lanes.COUNT) {
            load(a, i).add(load(b, i)).intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void scale(float[] x, float factor, float[] y, int from, int to) {
        int i = from;
        for (; i + Lanes.COUNT <= to; i += Lanes.COUNT) {
            load(x, i).mul(factor).intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = x[i] * factor;
        }
    }

    /** {@code y = (x - mean) * inverse * w}, of one group. */
    private static void normal(float[] x, int at, float mean, float inverse, float[] w, float[] y) {
        int n = w.length;
        int i = 0;
        for (; i < Lanes.whole(n); i += Lanes.COUNT) {
            FloatVector d = load(x, at + i).sub(mean);
            d.mul(inverse).mul(load(w, i)).intoArray(y, at + i);
        }
        for (; i < n; i++) {
            y[at + i] = (x[at + i] - mean) * inverse * w[i];
        }
    }

    private static void addTo(float[] y, int at, float[] bias) {
        int i = 0;
        for (; i < Lanes.whole(bias.length); i += Lanes.COUNT) {
            load(y, at + i).add(load(bias, i)).intoArray(y, at + i);
        }
        for (; i < bias.length; i++) {
            y[at + i] += bias[i];
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(S, from, at);
    }

    /** Some elements, {@code from .. to - 1}. */
    private interface Range {
        void run(int from, int to);
    }

    private void pieces(int count, Range work) {
        team.run(
                (count + PIECE - 1) / PIECE,
                (item, member) -> work.run(item * PIECE, Math.min(count, (item + 1) * PIECE)));
    }

    /** Runs over rows, several in one item, alone if all of them together are small. */
    private void rows(int rows, int columns, ThreadTeam.Work work) {
        int each = Math.max(1, PIECE / Math.max(1, columns));
        team.run(
                (rows + each - 1) / each,
                (item, member) -> {
                    for (int t = item * each; t < Math.min(rows, (item + 1) * each); t++) {
                        work.run(t, member);
                    }
                });
    }
}
