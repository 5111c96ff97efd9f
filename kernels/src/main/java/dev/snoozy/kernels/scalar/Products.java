package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ThreadTeam;

import java.util.Arrays;

/**
 * Products of activations with weights. A panel of eight weight rows is decoded once and used for
 * all rows of x; each output is one chain of fused multiply-adds with ascending index, and the
 * eight chains of a panel run beside each other, which hides the latency of the unit.
 */
final class Products {
    static final int PANEL = 8;

    /** Rows that a decoded row of a weight serves in a transposed product. */
    private static final int BLOCK = 32;

    /** Below this many multiplications an operation is not worth waking the team for. */
    private static final long ALONE = 32_768;

    private final ThreadTeam team;
    private final float[][] panels;

    Products(ThreadTeam team) {
        this.team = team;
        panels = new float[team.size()][0];
    }

    /** {@code y[t, r] = sum over k of x[t, k] * w[r, k]}. */
    void multiply(Rows x, Weight w, Rows y) {
        int panelCount = (w.out() + PANEL - 1) / PANEL;
        each(
                panelCount,
                (long) x.rows() * w.out() * w.in(),
                (panel, member) -> {
                    int row = panel * PANEL;
                    int count = Math.min(PANEL, w.out() - row);
                    float[] decoded = decode(w, row, count, member);
                    for (int t = 0; t < x.rows(); t++) {
                        panel(decoded, count, w.in(), x.data(), x.at(t), y.data(), y.at(t) + row);
                    }
                });
    }

    /** {@code y[t, k] = sum over r of g[t, r] * w[r, k]}, in runs; see docs/numerics.md. */
    void multiplyTransposed(Rows g, Weight w, Rows y) {
        int n = w.in();
        each(
                (g.rows() + BLOCK - 1) / BLOCK,
                (long) g.rows() * w.out() * n,
                (block, member) -> {
                    int first = block * BLOCK;
                    int count = Math.min(BLOCK, g.rows() - first);
                    Arrays.fill(y.data(), y.at(first), y.at(first + count), 0f);
                    float[] sums = new float[count * n];
                    for (int from = 0; from < w.out(); from += Kernels.BACKWARD_RUN) {
                        int end = Math.min(w.out(), from + Kernels.BACKWARD_RUN);
                        Arrays.fill(sums, 0f);
                        for (int r = from; r < end; r++) {
                            float[] row = decode(w, r, 1, member);
                            for (int t = 0; t < count; t++) {
                                float gr = g.data()[g.at(first + t) + r];
                                for (int k = 0; k < n; k++) {
                                    sums[t * n + k] = Math.fma(gr, row[k], sums[t * n + k]);
                                }
                            }
                        }
                        for (int i = 0; i < sums.length; i++) {
                            y.data()[y.at(first) + i] += sums[i];
                        }
                    }
                });
    }

    /** One row of x through one expert: {@code hidden = activation(gate x) * (up x)}. */
    void expertHidden(
            Rows x,
            int t,
            Weight gate,
            Weight up,
            int expert,
            Activation f,
            float[] target,
            int at,
            int member) {
        int n = gate.out();
        float[] products = new float[PANEL];
        for (int row = 0; row < n; row += PANEL) {
            int count = Math.min(PANEL, n - row);
            float[] decoded = decode(gate, expert * n + row, count, member);
            panel(decoded, count, gate.in(), x.data(), x.at(t), target, at + row);
            decoded = decode(up, expert * n + row, count, member);
            panel(decoded, count, up.in(), x.data(), x.at(t), products, 0);
            for (int i = 0; i < count; i++) {
                target[at + row + i] = Elementwise.apply(f, target[at + row + i]) * products[i];
            }
        }
    }

    /** {@code y[t] += weight * (down hidden)}, for one row and one expert. */
    void expertOutput(
            float[] hidden,
            int at,
            Weight down,
            int expert,
            float weight,
            Rows y,
            int t,
            int member) {
        int out = down.out();
        float[] products = new float[PANEL];
        for (int row = 0; row < out; row += PANEL) {
            int count = Math.min(PANEL, out - row);
            float[] decoded = decode(down, expert * out + row, count, member);
            panel(decoded, count, down.in(), hidden, at, products, 0);
            for (int i = 0; i < count; i++) {
                int index = y.at(t) + row + i;
                y.data()[index] = Math.fma(weight, products[i], y.data()[index]);
            }
        }
    }

    /** Each row of x with the matrix of its own expert, added to y. */
    void expertRows(Rows x, Weight w, int[] experts, Rows y) {
        each(
                x.rows(),
                (long) x.rows() * w.in() * w.out(),
                (t, member) -> expertOutput(x.data(), x.at(t), w, experts[t], 1, y, t, member));
    }

    /** What the chosen experts make of their hidden rows, added to y in the order of choice. */
    void expertSums(Rows hidden, Weight down, int[] chosen, float[] weights, Rows y) {
        int used = chosen.length / Math.max(1, y.rows());
        each(
                y.rows(),
                (long) chosen.length * down.in() * down.out(),
                (t, member) -> {
                    for (int i = t * used; i < (t + 1) * used; i++) {
                        expertOutput(
                                hidden.data(),
                                hidden.at(i),
                                down,
                                chosen[i],
                                weights[i],
                                y,
                                t,
                                member);
                    }
                });
    }

    /** Runs the items, alone if all of them together are small. */
    void each(int items, long multiplications, ThreadTeam.Work work) {
        if (multiplications < ALONE) {
            for (int item = 0; item < items; item++) {
                work.run(item, 0);
            }
        } else {
            team.run(items, work);
        }
    }

    private float[] decode(Weight w, int row, int count, int member) {
        if (panels[member].length < PANEL * w.in()) {
            panels[member] = new float[PANEL * w.in()];
        }
        w.decode(row, count, panels[member]);
        return panels[member];
    }

    /** Products of {@code count} decoded rows with one row of x. */
    private static void panel(float[] w, int count, int n, float[] x, int at, float[] y, int to) {
        if (count == PANEL) {
            eight(w, n, x, at, y, to);
        } else {
            for (int r = 0; r < count; r++) {
                y[to + r] = Sums.dot(w, r * n, x, at, n);
            }
        }
    }

    private static void eight(float[] w, int n, float[] x, int at, float[] y, int to) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int k = 0; k < n; k++) {
            float xk = x[at + k];
            s0 = Math.fma(w[k], xk, s0);
            s1 = Math.fma(w[n + k], xk, s1);
            s2 = Math.fma(w[2 * n + k], xk, s2);
            s3 = Math.fma(w[3 * n + k], xk, s3);
            s4 = Math.fma(w[4 * n + k], xk, s4);
            s5 = Math.fma(w[5 * n + k], xk, s5);
            s6 = Math.fma(w[6 * n + k], xk, s6);
            s7 = Math.fma(w[7 * n + k], xk, s7);
        }
        y[to] = s0;
        y[to + 1] = s1;
        y[to + 2] = s2;
        y[to + 3] = s3;
        y[to + 4] = s4;
        y[to + 5] = s5;
        y[to + 6] = s6;
        y[to + 7] = s7;
    }
}
