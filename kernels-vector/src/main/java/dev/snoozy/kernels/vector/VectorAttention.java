package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.Elementwise;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.Sums;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * Attention tile by tile. The order of every sum is that of the scalar kernels ({@code
 * docs/numerics.md}); the exponential function differs by its rounding. Used by one thread at a
 * time.
 */
final class VectorAttention {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int V = Lanes.COUNT;
    private static final int TILE = KvPages.PAGE;

    /** What a member of the team works with. */
    private static final class Member {
        private final float[] score = new float[TILE];
        private final float[] lanes = new float[Sums.LANES];
        private float[] result = {};
    }

    private final ThreadTeam team;
    private final Member[] members;

    /** Attention on a team, which stays with its owner. */
    VectorAttention(ThreadTeam team) {
        this.team = team;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /** Copies each row's key and value to its place. */
    static void store(Rows k, Rows v, VectorPages pages, KvRows rows) {
        for (int r = 0; r < rows.size(); r++) {
            int position = rows.positions()[r];
            int page = rows.page(r, position);
            pages.store(page, position % TILE, k.data(), k.at(r), v.data(), v.at(r));
        }
    }

    void attend(Rows q, VectorPages pages, KvRows rows, AttentionSpec spec, Rows out) {
        team.run(
                q.rows() * spec.heads(),
                (item, member) -> {
                    int row = item / spec.heads();
                    int head = item % spec.heads();
                    Member m = members[member];
                    head(m, q, pages, rows, spec, row, head);
                    int to = out.at(row) + head * pages.valueLength();
                    System.arraycopy(m.result, 0, out.data(), to, pages.valueLength());
                });
    }

    /** One head of one row over all tiles that it sees. */
    private static void head(
            Member m,
            Rows q,
            VectorPages pages,
            KvRows rows,
            AttentionSpec spec,
            int row,
            int head) {
        int kvHead = head / (spec.heads() / spec.kvHeads());
        int length = pages.keyLength();
        int columns = pages.paddedValue();
        if (m.result.length != columns) {
            m.result = new float[columns];
        }
        Arrays.fill(m.result, 0);
        int first = rows.first()[row];
        int last = rows.last()[row];
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int tile = first / TILE; tile <= last / TILE; tile++) {
            int page = rows.page(row, tile * TILE);
            int from = Math.max(first, tile * TILE) % TILE;
            int to = Math.min(last, tile * TILE + TILE - 1) % TILE;
            int query = q.at(row) + head * length;
            int key = kvHead * length * TILE;
            scores(q.data(), query, length, spec.scale(), pages.keys(page), key, m.score);
            if (spec.softcap() != 0) {
                for (int i = from; i <= to; i++) {
                    m.score[i] = Elementwise.softcap(m.score[i], spec.softcap());
                }
            }
            // Positions that are not seen hold anything, also a NaN.
            Arrays.fill(m.score, 0, from, Float.NEGATIVE_INFINITY);
            Arrays.fill(m.score, to + 1, TILE, Float.NEGATIVE_INFINITY);
            float tileMax = Math.max(max, largest(m.score));
            float shrink = (float) Math.exp(max - tileMax);
            max = tileMax;
            subtract(m.score, max);
            Exp.replace(m.score, 0, TILE);
            Arrays.fill(m.score, 0, from, 0);
            Arrays.fill(m.score, to + 1, TILE, 0);
            sum = sum * shrink + RowSums.sum(m.score, 0, TILE, m.lanes);
            int value = (kvHead * TILE) * columns;
            values(m.score, from, to, shrink, pages.values(page), value, columns, m.result);
        }
        divide(m.result, sum);
    }

    /** {@code score[p] = scale * sum over d of q[d] * keys[d, p]}, for a whole tile. */
    private static void scores(
            float[] q, int at, int length, float scale, float[] keys, int from, float[] score) {
        for (int p = 0; p < TILE; p += 4 * V) {
            FloatVector a = FloatVector.zero(S);
            FloatVector b = FloatVector.zero(S);
            FloatVector c = FloatVector.zero(S);
            FloatVector d = FloatVector.zero(S);
            for (int i = 0; i < length; i++) {
                FloatVector e = FloatVector.broadcast(S, q[at + i]);
                int key = from + i * TILE + p;
                a = e.fma(load(keys, key), a);
                b = e.fma(load(keys, key + V), b);
                c = e.fma(load(keys, key + 2 * V), c);
                d = e.fma(load(keys, key + 3 * V), d);
            }
            a.mul(scale).intoArray(score, p);
            b.mul(scale).intoArray(score, p + V);
            c.mul(scale).intoArray(score, p + 2 * V);
            d.mul(scale).intoArray(score, p + 3 * V);
        }
    }

    private static float largest(float[] score) {
        FloatVector max = load(score, 0);
        for (int p = V; p < TILE; p += V) {
            max = max.max(load(score, p));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    private static void subtract(float[] score, float max) {
        for (int p = 0; p < TILE; p += V) {
            load(score, p).sub(max).intoArray(score, p);
        }
    }

    /** {@code result = result * shrink + sum over p of weight[p] * values[p]}. */
    private static void values(
            float[] weight,
            int first,
            int last,
            float shrink,
            float[] values,
            int from,
            int columns,
            float[] result) {
        int i = 0;
        for (; i + 4 * V <= columns; i += 4 * V) {
            FloatVector a = load(result, i).mul(shrink);
            FloatVector b = load(result, i + V).mul(shrink);
            FloatVector c = load(result, i + 2 * V).mul(shrink);
            FloatVector d = load(result, i + 3 * V).mul(shrink);
            for (int p = first; p <= last; p++) {
                FloatVector e = FloatVector.broadcast(S, weight[p]);
                int value = from + p * columns + i;
                a = e.fma(load(values, value), a);
                b = e.fma(load(values, value + V), b);
                c = e.fma(load(values, value + 2 * V), c);
                d = e.fma(load(values, value + 3 * V), d);
            }
            a.intoArray(result, i);
            b.intoArray(result, i + V);
            c.intoArray(result, i + 2 * V);
            d.intoArray(result, i + 3 * V);
        }
        for (; i < columns; i += V) {
            FloatVector a = load(result, i).mul(shrink);
            for (int p = first; p <= last; p++) {
                FloatVector e = FloatVector.broadcast(S, weight[p]);
                a = e.fma(load(values, from + p * columns + i), a);
            }
            a.intoArray(result, i);
        }
    }

    private static void divide(float[] result, float sum) {
        for (int i = 0; i < result.length; i += V) {
            load(result, i).div(sum).intoArray(result, i);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(S, from, at);
    }
}
