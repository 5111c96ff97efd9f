package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;

/**
 * Attention with an online soft-max (Milakov and Gimelshein 2018). Positions are taken in tiles of
 * one page, at fixed absolute places, so neither the batch nor the number of threads nor the start
 * of a window moves the border between two partial sums. Rows and heads are independent of each
 * other.
 */
final class Attention {
    private static final int TILE = KvPages.PAGE;

    private final ThreadTeam team;
    private final float[][] scores;
    private final float[][] lanes;

    Attention(ThreadTeam team) {
        this.team = team;
        scores = new float[team.size()][TILE];
        lanes = new float[team.size()][Sums.LANES];
    }

    /** Copies each row's key and value to its place. */
    static void store(Rows k, Rows v, Pages pages, KvRows rows) {
        for (int r = 0; r < rows.size(); r++) {
            int position = rows.positions()[r];
            int page = rows.page(r, position);
            int slot = position % TILE;
            int kn = pages.keyColumns();
            int vn = pages.valueColumns();
            System.arraycopy(k.data(), k.at(r), pages.keys(page), slot * kn, kn);
            System.arraycopy(v.data(), v.at(r), pages.values(page), slot * vn, vn);
        }
    }

    void attend(Rows q, Pages pages, KvRows rows, AttentionSpec spec, Rows out) {
        team.run(
                q.rows() * spec.heads(),
                (item, member) -> {
                    int row = item / spec.heads();
                    int head = item % spec.heads();
                    head(q, pages, rows, spec, row, head, out, member);
                });
    }

    private void head(
            Rows q,
            Pages pages,
            KvRows rows,
            AttentionSpec spec,
            int row,
            int head,
            Rows out,
            int member) {
        int keyLength = q.columns() / spec.heads();
        int valueLength = out.columns() / spec.heads();
        int kvHead = head / (spec.heads() / spec.kvHeads());
        int first = rows.first()[row];
        int last = rows.last()[row];
        int query = q.at(row) + head * keyLength;
        int target = out.at(row) + head * valueLength;
        float[] y = out.data();
        for (int i = 0; i < valueLength; i++) {
            y[target + i] = 0;
        }

        float[] score = scores[member];
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int tile = first / TILE; tile <= last / TILE; tile++) {
            int page = rows.page(row, tile * TILE);
            int from = Math.max(first, tile * TILE) % TILE;
            int to = Math.min(last, tile * TILE + TILE - 1) % TILE;
            float[] keys = pages.keys(page);
            float[] values = pages.values(page);

            float tileMax = max;
            for (int i = from; i <= to; i++) {
                int key = i * pages.keyColumns() + kvHead * keyLength;
                float s = Sums.dot(q.data(), query, keys, key, keyLength) * spec.scale();
                score[i] = spec.softcap() == 0 ? s : Elementwise.softcap(s, spec.softcap());
                tileMax = Math.max(tileMax, score[i]);
            }
            float shrink = (float) Math.exp(max - tileMax);
            max = tileMax;
            float[] lane = lanes[member];
            Sums.clear(lane);
            for (int i = from; i <= to; i++) {
                score[i] = (float) Math.exp(score[i] - max);
                lane[i % Sums.LANES] += score[i];
            }
            sum = sum * shrink + Sums.fold(lane);
            for (int i = 0; i < valueLength; i++) {
                y[target + i] *= shrink;
            }
            for (int i = from; i <= to; i++) {
                int value = i * pages.valueColumns() + kvHead * valueLength;
                float weight = score[i];
                for (int n = 0; n < valueLength; n++) {
                    y[target + n] = Math.fma(weight, values[value + n], y[target + n]);
                }
            }
        }
        for (int i = 0; i < valueLength; i++) {
            y[target + i] /= sum;
        }
    }
}
