package dev.snoozy.compress.quantize;

/** The outermost elements of a block. */
final class Extremes {
    private static final int SIGN = Integer.MIN_VALUE;

    private Extremes() {}

    /**
     * The element with the largest absolute value, with its sign; the first of several, 0 if all
     * are zero.
     *
     * <p>Compares bits, which order positive floats as integers do: two chains of maxima without a
     * branch.
     */
    static float largest(float[] x, int from, int count) {
        int above = 0;
        int below = 0;
        for (int i = from; i < from + count; i++) {
            int bits = Float.floatToRawIntBits(x[i]);
            above = Math.max(above, bits);
            below = Math.max(below, bits ^ SIGN);
        }
        return above == below
                ? first(x, from, count, above)
                : Float.intBitsToFloat(above > below ? above : below ^ SIGN);
    }

    private static float first(float[] x, int from, int count, int magnitude) {
        for (int i = from; i < from + count; i++) {
            if ((Float.floatToRawIntBits(x[i]) & ~SIGN) == magnitude && magnitude != 0) {
                return x[i];
            }
        }
        return 0;
    }

    static float least(float[] x, int from, int count) {
        float least = x[from];
        for (int i = from + 1; i < from + count; i++) {
            if (x[i] < least) {
                least = x[i];
            }
        }
        return least;
    }

    static float most(float[] x, int from, int count) {
        float most = x[from];
        for (int i = from + 1; i < from + count; i++) {
            if (x[i] > most) {
                most = x[i];
            }
        }
        return most;
    }
}
