package dev.snoozy.tune;

/**
 * Products of small matrices whose rows are arrays, {@code y += a x}, term by term in F32, so that
 * a result has the same bits however its rows are shared out. Two results take four terms at once:
 * then most of the work is arithmetic. All arrays are read from the same index, and factors are
 * parameters, since only then does the compiler make vectors of the loops.
 */
final class SmallProducts {
    private static final int TERMS = 4;

    private SmallProducts() {}

    /**
     * Adds {@code a[r][at + k] * x[first + k]} for {@code k = 0 .. count - 1} to {@code y[r]}.
     *
     * @param rows of a and y
     * @param from first column of x and y
     * @param to last column, exclusive
     */
    static void add(
            float[][] a,
            int at,
            float[][] x,
            int first,
            int count,
            float[][] y,
            int rows,
            int from,
            int to) {
        int r = 0;
        for (; r <= rows - 2; r += 2) {
            two(a[r], a[r + 1], at, x, first, count, y[r], y[r + 1], from, to);
        }
        if (r < rows) {
            one(a[r], at, x, first, count, y[r], from, to);
        }
    }

    private static void two(
            float[] a,
            float[] b,
            int at,
            float[][] x,
            int first,
            int count,
            float[] y,
            float[] z,
            int from,
            int to) {
        int k = 0;
        for (; k <= count - TERMS; k += TERMS) {
            int i = at + k;
            int row = first + k;
            four(
                    a[i],
                    a[i + 1],
                    a[i + 2],
                    a[i + 3],
                    b[i],
                    b[i + 1],
                    b[i + 2],
                    b[i + 3],
                    x[row],
                    x[row + 1],
                    x[row + 2],
                    x[row + 3],
                    y,
                    z,
                    from,
                    to);
        }
        for (; k < count; k++) {
            term(a[at + k], x[first + k], y, from, to);
            term(b[at + k], x[first + k], z, from, to);
        }
    }

    private static void one(
            float[] a, int at, float[][] x, int first, int count, float[] y, int from, int to) {
        int k = 0;
        for (; k <= count - TERMS; k += TERMS) {
            int i = at + k;
            int row = first + k;
            four(
                    a[i],
                    a[i + 1],
                    a[i + 2],
                    a[i + 3],
                    x[row],
                    x[row + 1],
                    x[row + 2],
                    x[row + 3],
                    y,
                    from,
                    to);
        }
        for (; k < count; k++) {
            term(a[at + k], x[first + k], y, from, to);
        }
    }

    private static void four(
            float a0,
            float a1,
            float a2,
            float a3,
            float b0,
            float b1,
            float b2,
            float b3,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float[] y,
            float[] z,
            int from,
            int to) {
        for (int i = from; i < to; i++) {
            float p = x0[i];
            float q = x1[i];
            float r = x2[i];
            float s = x3[i];
            y[i] = Math.fma(a3, s, Math.fma(a2, r, Math.fma(a1, q, Math.fma(a0, p, y[i]))));
            z[i] = Math.fma(b3, s, Math.fma(b2, r, Math.fma(b1, q, Math.fma(b0, p, z[i]))));
        }
    }

    private static void four(
            float a0,
            float a1,
            float a2,
            float a3,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float[] y,
            int from,
            int to) {
        for (int i = from; i < to; i++) {
            float sum = Math.fma(a1, x1[i], Math.fma(a0, x0[i], y[i]));
            y[i] = Math.fma(a3, x3[i], Math.fma(a2, x2[i], sum));
        }
    }

    private static void term(float a, float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.fma(a, x[i], y[i]);
        }
    }
}
