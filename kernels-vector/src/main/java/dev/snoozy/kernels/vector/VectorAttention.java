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

    private static final int SEGMENT_TILES = KvPages.SEGMENT / TILE;

    /** Heads of one item: they share what is decoded of the cache. */
    private static final int TOGETHER = 4;

    /** Soft-max so far, over a segment or over all of them: the weighted sum has its own array. */
    private static final class State {
        private float max;
        private float sum;
        private float[] y = {};

        void clear(int length) {
            y = y.length == length ? y : new float[length];
            Arrays.fill(y, 0);
            max = Float.NEGATIVE_INFINITY;
            sum = 0;
        }

        /** Adds what comes after. */
        void merge(State next) {
            float both = Math.max(max, next.max);
            float mine = (float) Math.exp(max - both);
            float other = (float) Math.exp(next.max - both);
            max = both;
            sum = Math.fma(next.sum, other, sum * mine);
            for (int i = 0; i < y.length; i += V) {
                FloatVector scaled = load(y, i).mul(mine);
                load(next.y, i).fma(FloatVector.broadcast(S, other), scaled).intoArray(y, i);
            }
        }
    }

    /** What a member of the team works with. */
    private static final class Member {
        private final float[] score = new float[TILE];
        private final float[] lanes = new float[Sums.LANES];
        private final State[] segments = new State[TOGETHER];
        private final State[] all = new State[TOGETHER];
        private float[] keys = {};
        private float[] values = {};

        Member() {
            for (int i = 0; i < TOGETHER; i++) {
                segments[i] = new State();
                all[i] = new State();
            }
        }

        void begin(int keyLength, int columns) {
            keys = keys.length == TILE * keyLength ? keys : new float[TILE * keyLength];
            values = values.length == TILE * columns ? values : new float[TILE * columns];
            for (int i = 0; i < TOGETHER; i++) {
                segments[i].clear(columns);
                all[i].clear(columns);
            }
        }
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

    /** Writes each row's key and value to its place. */
    static void store(Rows k, Rows v, VectorPages pages, KvRows rows) {
        for (int r = 0; r < rows.size(); r++) {
            int position = rows.positions()[r];
            int page = rows.page(r, position);
            pages.keys(page).write(position % TILE, k.data(), k.at(r));
            pages.values(page).write(position % TILE, v.data(), v.at(r));
        }
    }

    void attend(Rows q, VectorPages pages, KvRows rows, AttentionSpec spec, Rows out) {
        int sharing = spec.heads() / spec.kvHeads();
        int chunks = (sharing + TOGETHER - 1) / TOGETHER;
        team.run(
                q.rows() * spec.kvHeads() * chunks,
                (item, member) -> {
                    int row = item / (spec.kvHeads() * chunks);
                    int kvHead = item / chunks % spec.kvHeads();
                    int first = item % chunks * TOGETHER;
                    int count = Math.min(TOGETHER, sharing - first);
                    int head = kvHead * sharing + first;
                    heads(members[member], q, pages, rows, spec, row, kvHead, head, count);
                    for (int g = 0; g < count; g++) {
                        int to = out.at(row) + (head + g) * pages.valueLength();
                        State all = members[member].all[g];
                        divide(all.y, spec.withSink(head + g, all.sum, all.max));
                        System.arraycopy(all.y, 0, out.data(), to, pages.valueLength());
                    }
                });
    }

    /** Some heads of one row, which share a head of the cache, over all tiles that it sees. */
    private static void heads(
            Member m,
            Rows q,
            VectorPages pages,
            KvRows rows,
            AttentionSpec spec,
            int row,
            int kvHead,
            int head,
            int count) {
        int length = pages.keyLength();
        int columns = Lanes.padded(pages.valueLength());
        m.begin(length, columns);
        int first = rows.first()[row];
        int last = rows.last()[row];
        for (int tile = first / TILE; tile <= last / TILE; tile++) {
            int page = rows.page(row, tile * TILE);
            int from = Math.max(first, tile * TILE) % TILE;
            int to = Math.min(last, tile * TILE + TILE - 1) % TILE;
            float[] keys = pages.keys(page).floats(kvHead, m.keys);
            float[] values = pages.values(page).floats(kvHead, m.values);
            int keyAt = pages.keys(page).at(kvHead);
            int valueAt = pages.values(page).at(kvHead);
            for (int g = 0; g < count; g++) {
                int query = q.at(row) + (head + g) * length;
                scores(q.data(), query, length, spec.scale(), keys, keyAt, m.score);
                State state = m.segments[g];
                int distance = rows.positions()[row] - tile * TILE;
                bend(m.score, from, to, spec, spec.slope(head + g), distance);
                float shrink = softmax(m, state, from, to);
                values(m.score, from, to, shrink, values, valueAt, columns, state.y);
            }
            if ((tile + 1) % SEGMENT_TILES == 0 || tile == last / TILE) {
                for (int g = 0; g < count; g++) {
                    m.all[g].merge(m.segments[g]);
                    m.segments[g].clear(columns);
                }
            }
        }
    }

    /**
     * The soft cap, and what scores lose by their distance.
     *
     * @param distance of the tile's start from the query
     */
    private static void bend(
            float[] score, int from, int to, AttentionSpec spec, float slope, int distance) {
        if (spec.softcap() != 0) {
            for (int i = from; i <= to; i++) {
                score[i] = Elementwise.softcap(score[i], spec.softcap());
            }
        }
        if (spec.alibi() != 0) {
            for (int i = from; i <= to; i++) {
                score[i] -= slope * Math.abs(distance - i);
            }
        }
    }

    /**
     * Turns the scores of a tile into weights, against the largest score so far.
     *
     * @return what the sums so far are multiplied with
     */
    private static float softmax(Member m, State state, int from, int to) {
        float[] score = m.score;
        // Positions that are not seen hold anything, also a NaN.
        Arrays.fill(score, 0, from, Float.NEGATIVE_INFINITY);
        Arrays.fill(score, to + 1, TILE, Float.NEGATIVE_INFINITY);
        float max = Math.max(state.max, largest(score));
        float shrink = (float) Math.exp(state.max - max);
        state.max = max;
        subtract(score, max);
        Exp.replace(score, 0, TILE);
        Arrays.fill(score, 0, from, 0);
        Arrays.fill(score, to + 1, TILE, 0);
        state.sum = state.sum * shrink + RowSums.sum(score, 0, TILE, m.lanes);
        return shrink;
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
