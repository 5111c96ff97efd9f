package dev.snoozy.kernels.scalar;

/**
 * The two ways in which sums are formed (docs/numerics.md). Products with weights, queries and
 * values: one accumulator per output, fused multiply-add, index ascending. Sums over a row: sixteen
 * lanes, element {@code i} into lane {@code i % 16}, then lanes in halves.
 */
public final class Sums {
    public static final int LANES = 16;

    private Sums() {}

    /** The sum of a row's elements. */
    static float sum(float[] x, int from, int count, float[] lanes) {
        clear(lanes);
        for (int i = 0; i < count; i++) {
            lanes[i % LANES] += x[from + i];
        }
        return fold(lanes);
    }

    /** The sum of the squares of {@code x[i] - mean}. */
    static float sumOfSquares(float[] x, int from, int count, float mean, float[] lanes) {
        clear(lanes);
        for (int i = 0; i < count; i++) {
            float d = x[from + i] - mean;
            lanes[i % LANES] = Math.fma(d, d, lanes[i % LANES]);
        }
        return fold(lanes);
    }

    /** Adds up the lanes: upper half to lower half, until one is left. */
    public static float fold(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    /** Begins a sum. */
    public static void clear(float[] lanes) {
        for (int i = 0; i < LANES; i++) {
            lanes[i] = 0;
        }
    }

    static float dot(float[] a, int i, float[] b, int j, int count) {
        float sum = 0;
        for (int n = 0; n < count; n++) {
            sum = Math.fma(a[i + n], b[j + n], sum);
        }
        return sum;
    }
}
