package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;

import java.util.Arrays;

/**
 * Attention with an online soft-max (Milakov and Gimelshein 2018). Positions are taken in tiles of
 * one page, and the tiles in segments, each at fixed absolute places, so neither the batch nor the
 * number of threads nor the start of a window moves the border between two partial sums. Rows and
 * heads are independent of each other.
 */
final class Attention {
    private static final int TILE = KvPages.PAGE;
    private static final int SEGMENT_TILES = KvPages.SEGMENT / TILE;

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
            for (int i = 0; i < y.length; i++) {
                y[i] = Math.fma(next.y[i], other, y[i] * mine);
            }
        }
    }

    /** What a member of the team works with. */
    private static final class Member {
        private final float[] score = new float[TILE];
        private final float[] lanes = new float[Sums.LANES];
        private final State segment = new State();
        private final State all = new State();
        private float slope; // of the head, and how far the tile's start is behind the query
        private int distance;
        private float[] keys = {};
        private float[] values = {};

        void begin(int keyLength, int valueLength) {
            keys = keys.length == TILE * keyLength ? keys : new float[TILE * keyLength];
            values = values.length == TILE * valueLength ? values : new float[TILE * valueLength];
            all.clear(valueLength);
        }
    }

    private final ThreadTeam team;
    private final Member[] members;

    Attention(ThreadTeam team) {
        this.team = team;
        members = new Member[team.size()];
        Arrays.setAll(members, i -> new Member());
    }

    /** Copies each row's key and value to its place. */
    static void store(Rows k, Rows v, Pages pages, KvRows rows) {
        for (int r = 0; r < rows.size(); r++) {
            int position = rows.positions()[r];
            int page = rows.page(r, position);
            pages.keys(page).write(position % TILE, k.data(), k.at(r));
            pages.values(page).write(position % TILE, v.data(), v.at(r));
        }
    }

    void attend(Rows q, Pages pages, KvRows rows, AttentionSpec spec, Rows out) {
        team.run(
                q.rows() * spec.heads(),
                (item, member) -> {
                    int row = item / spec.heads();
                    int head = item % spec.heads();
                    head(q, pages, rows, spec, row, head, out, members[member]);
                });
    }

    private static void head(
            Rows q,
            Pages pages,
            KvRows rows,
            AttentionSpec spec,
            int row,
            int head,
            Rows out,
            Member m) {
        int valueLength = pages.valueLength();
        m.begin(pages.keyLength(), valueLength);
        int query = q.at(row) + head * pages.keyLength();
        int kvHead = head / (spec.heads() / spec.kvHeads());
        int first = rows.first()[row];
        int last = rows.last()[row];
        m.segment.clear(valueLength);
        for (int tile = first / TILE; tile <= last / TILE; tile++) {
            int page = rows.page(row, tile * TILE);
            int from = Math.max(first, tile * TILE) % TILE;
            int to = Math.min(last, tile * TILE + TILE - 1) % TILE;
            pages.keys(page).read(kvHead, from, to, m.keys);
            pages.values(page).read(kvHead, from, to, m.values);
            m.slope = spec.slope(head);
            m.distance = rows.positions()[row] - tile * TILE;
            tile(q.data(), query, pages, spec, from, to, m);
            if ((tile + 1) % SEGMENT_TILES == 0 || tile == last / TILE) {
                m.all.merge(m.segment);
                m.segment.clear(valueLength);
            }
        }
        float sum = spec.withSink(head, m.all.sum, m.all.max);
        for (int i = 0; i < valueLength; i++) {
            out.data()[out.at(row) + head * valueLength + i] = m.all.y[i] / sum;
        }
    }

    /** Adds the positions {@code from .. to} of a tile to the present segment. */
    private static void tile(
            float[] q, int query, Pages pages, AttentionSpec spec, int from, int to, Member m) {
        int keyLength = pages.keyLength();
        int valueLength = pages.valueLength();
        State state = m.segment;
        float[] score = m.score;
        float max = state.max;
        for (int i = from; i <= to; i++) {
            float s = Sums.dot(q, query, m.keys, i * keyLength, keyLength) * spec.scale();
            s = spec.softcap() == 0 ? s : Elementwise.softcap(s, spec.softcap());
            score[i] = spec.alibi() == 0 ? s : s - m.slope * Math.abs(m.distance - i);
            max = Math.max(max, score[i]);
        }
        float shrink = (float) Math.exp(state.max - max);
        state.max = max;
        Sums.clear(m.lanes);
        for (int i = from; i <= to; i++) {
            score[i] = (float) Math.exp(score[i] - max);
            m.lanes[i % Sums.LANES] += score[i];
        }
        state.sum = state.sum * shrink + Sums.fold(m.lanes);
        float[] y = state.y;
        for (int i = 0; i < valueLength; i++) {
            y[i] *= shrink;
        }
        for (int i = from; i <= to; i++) {
            for (int n = 0; n < valueLength; n++) {
                y[n] = Math.fma(score[i], m.values[i * valueLength + n], y[n]);
            }
        }
    }
}
