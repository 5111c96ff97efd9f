package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.Weight;

import java.util.Arrays;

/**
 * Products of activations with weights, spread over a team. A panel of rows is decoded part by part
 * and used for all tokens; nothing is kept, so a model takes no more memory than its file. Used by
 * one thread at a time.
 */
final class VectorProducts {
    private static final int ROWS = Tiles.ROWS;

    /** Below this many multiplications an operation is not worth waking the team for. */
    private static final long ALONE = 32_768;

    /** What a member of the team works with. */
    private static final class Member {
        private final Panel panel = new Panel();
        private float[] results = {};

        /** Zeros for {@code [tokens, ROWS]}. */
        float[] zeros(int tokens) {
            int size = Math.multiplyExact(tokens, ROWS);
            if (results.length < size) {
                results = new float[size];
            } else {
                Arrays.fill(results, 0, size, 0);
            }
            return results;
        }
    }

    private final ThreadTeam team;
    private final Member[] members;

    /** Products on a team, which stays with its owner. */
    VectorProducts(ThreadTeam team) {
        this.team = team;
        members = new Member[team.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member();
        }
    }

    /**
     * {@code y[t, r] = sum over k of x[t, k] * w[r, k]}.
     *
     * @param x {@code [tokens, in]}
     * @param expert whose matrix it is, 0 where there is but one
     * @param y {@code [tokens, out]}
     */
    void multiply(float[] x, int tokens, Weight w, int expert, float[] y) {
        int panels = (w.out() + ROWS - 1) / ROWS;
        ThreadTeam.Work work = (panel, member) -> panel(x, tokens, w, expert, panel, member, y);
        if ((long) tokens * w.out() * w.in() < ALONE) {
            for (int panel = 0; panel < panels; panel++) {
                work.run(panel, 0);
            }
        } else {
            team.run(panels, work);
        }
    }

    private void panel(
            float[] x, int tokens, Weight w, int expert, int panel, int member, float[] y) {
        int row = panel * ROWS;
        int count = Math.min(ROWS, w.out() - row);
        Panel decoded = members[member].panel;
        float[] results = members[member].zeros(tokens);
        for (int from = 0; from < w.in(); from += Panel.DEPTH) {
            int depth = Math.min(Panel.DEPTH, w.in() - from);
            decoded.decode(w, expert * w.out() + row, count, from, depth);
            Tiles.add(decoded.values(), depth, x, from, w.in(), tokens, results);
        }
        for (int t = 0; t < tokens; t++) {
            System.arraycopy(results, t * ROWS, y, t * w.out() + row, count);
        }
    }
}
