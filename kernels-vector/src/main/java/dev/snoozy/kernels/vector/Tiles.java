package dev.snoozy.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the products of a panel of weights with some tokens. Lanes are rows of the weight, and every
 * output is one chain of fused multiply-adds with ascending {@code k}, so the results are those of
 * the scalar kernels, bit for bit, for any number of tokens.
 *
 * <p>Six tokens by two vectors of rows, or one or two tokens by four, keep so many chains going
 * that the latency of the unit is hidden, and fit the sixteen registers of AVX2. Bodies are written
 * out because vectors in arrays would be objects, and kept small because the compiler gives up
 * inlining beyond some size.
 */
final class Tiles {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int V = Lanes.COUNT;

    /** Rows of a panel. */
    static final int ROWS = 4 * V;

    private static final int SIX = 6;

    private Tiles() {}

    /**
     * {@code y[t, r] += sum over k of w[k, r] * x[t, k]}.
     *
     * @param w {@code [steps, ROWS]}
     * @param x {@code [tokens, stride]}, from element {@code at} on
     * @param y {@code [tokens, ROWS]}
     */
    static void add(float[] w, int steps, float[] x, int at, int stride, int tokens, float[] y) {
        int t = 0;
        for (; t + SIX <= tokens; t += SIX) {
            for (int r = 0; r < ROWS; r += 2 * V) {
                six(w, r, steps, x, at + t * stride, stride, y, t * ROWS + r);
            }
        }
        for (; t + 2 <= tokens; t += 2) {
            two(w, steps, x, at + t * stride, stride, y, t * ROWS);
        }
        if (t < tokens) {
            one(w, steps, x, at + t * stride, y, t * ROWS);
        }
    }

    private static void six(
            float[] w, int r, int steps, float[] x, int at, int stride, float[] y, int to) {
        FloatVector a0 = load(y, to);
        FloatVector b0 = load(y, to + V);
        FloatVector a1 = load(y, to + ROWS);
        FloatVector b1 = load(y, to + ROWS + V);
        FloatVector a2 = load(y, to + 2 * ROWS);
        FloatVector b2 = load(y, to + 2 * ROWS + V);
        FloatVector a3 = load(y, to + 3 * ROWS);
        FloatVector b3 = load(y, to + 3 * ROWS + V);
        FloatVector a4 = load(y, to + 4 * ROWS);
        FloatVector b4 = load(y, to + 4 * ROWS + V);
        FloatVector a5 = load(y, to + 5 * ROWS);
        FloatVector b5 = load(y, to + 5 * ROWS + V);
        int x1 = at + stride;
        int x2 = x1 + stride;
        int x3 = x2 + stride;
        int x4 = x3 + stride;
        int x5 = x4 + stride;
        for (int k = 0; k < steps; k++) {
            FloatVector a = load(w, k * ROWS + r);
            FloatVector b = load(w, k * ROWS + r + V);
            FloatVector e = FloatVector.broadcast(S, x[at + k]);
            a0 = a.fma(e, a0);
            b0 = b.fma(e, b0);
            e = FloatVector.broadcast(S, x[x1 + k]);
            a1 = a.fma(e, a1);
            b1 = b.fma(e, b1);
            e = FloatVector.broadcast(S, x[x2 + k]);
            a2 = a.fma(e, a2);
            b2 = b.fma(e, b2);
            e = FloatVector.broadcast(S, x[x3 + k]);
            a3 = a.fma(e, a3);
            b3 = b.fma(e, b3);
            e = FloatVector.broadcast(S, x[x4 + k]);
            a4 = a.fma(e, a4);
            b4 = b.fma(e, b4);
            e = FloatVector.broadcast(S, x[x5 + k]);
            a5 = a.fma(e, a5);
            b5 = b.fma(e, b5);
        }
        a0.intoArray(y, to);
        b0.intoArray(y, to + V);
        a1.intoArray(y, to + ROWS);
        b1.intoArray(y, to + ROWS + V);
        a2.intoArray(y, to + 2 * ROWS);
        b2.intoArray(y, to + 2 * ROWS + V);
        a3.intoArray(y, to + 3 * ROWS);
        b3.intoArray(y, to + 3 * ROWS + V);
        a4.intoArray(y, to + 4 * ROWS);
        b4.intoArray(y, to + 4 * ROWS + V);
        a5.intoArray(y, to + 5 * ROWS);
        b5.intoArray(y, to + 5 * ROWS + V);
    }

    private static void two(
            float[] w, int steps, float[] x, int at, int stride, float[] y, int to) {
        FloatVector a0 = load(y, to);
        FloatVector b0 = load(y, to + V);
        FloatVector c0 = load(y, to + 2 * V);
        FloatVector d0 = load(y, to + 3 * V);
        FloatVector a1 = load(y, to + ROWS);
        FloatVector b1 = load(y, to + ROWS + V);
        FloatVector c1 = load(y, to + ROWS + 2 * V);
        FloatVector d1 = load(y, to + ROWS + 3 * V);
        for (int k = 0; k < steps; k++) {
            FloatVector e = FloatVector.broadcast(S, x[at + k]);
            FloatVector f = FloatVector.broadcast(S, x[at + stride + k]);
            FloatVector w0 = load(w, k * ROWS);
            a0 = w0.fma(e, a0);
            a1 = w0.fma(f, a1);
            FloatVector w1 = load(w, k * ROWS + V);
            b0 = w1.fma(e, b0);
            b1 = w1.fma(f, b1);
            FloatVector w2 = load(w, k * ROWS + 2 * V);
            c0 = w2.fma(e, c0);
            c1 = w2.fma(f, c1);
            FloatVector w3 = load(w, k * ROWS + 3 * V);
            d0 = w3.fma(e, d0);
            d1 = w3.fma(f, d1);
        }
        a0.intoArray(y, to);
        b0.intoArray(y, to + V);
        c0.intoArray(y, to + 2 * V);
        d0.intoArray(y, to + 3 * V);
        a1.intoArray(y, to + ROWS);
        b1.intoArray(y, to + ROWS + V);
        c1.intoArray(y, to + ROWS + 2 * V);
        d1.intoArray(y, to + ROWS + 3 * V);
    }

    private static void one(float[] w, int steps, float[] x, int at, float[] y, int to) {
        FloatVector a = load(y, to);
        FloatVector b = load(y, to + V);
        FloatVector c = load(y, to + 2 * V);
        FloatVector d = load(y, to + 3 * V);
        for (int k = 0; k < steps; k++) {
            FloatVector e = FloatVector.broadcast(S, x[at + k]);
            a = load(w, k * ROWS).fma(e, a);
            b = load(w, k * ROWS + V).fma(e, b);
            c = load(w, k * ROWS + 2 * V).fma(e, c);
            d = load(w, k * ROWS + 3 * V).fma(e, d);
        }
        a.intoArray(y, to);
        b.intoArray(y, to + V);
        c.intoArray(y, to + 2 * V);
        d.intoArray(y, to + 3 * V);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(S, from, at);
    }
}
