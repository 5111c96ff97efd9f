package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/**
 * MXFP4 (OCP Microscaling Formats 1.0): the scale is the power of two that brings the largest
 * element below the largest number of E2M1, then each element takes the nearest number.
 */
final class Mxfp4Encoder implements BlockEncoder {
    private static final int BLOCK = 32;
    private static final int BYTES = 17;

    /** Twice the numbers of E2M1. */
    private static final int[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private static final double LOG_2 = Math.log(2);
    private static final int BIAS = 127;

    /** Exponent of the largest number of E2M1. */
    private static final int TOP = 2;

    private final byte[] codes = new byte[BLOCK];

    @Override
    public TensorType type() {
        return TensorType.MXFP4;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        for (int from = 0, at = 0; from < count; from += BLOCK, at += BYTES) {
            int exponent = exponent(Math.abs(Extremes.largest(x, from, BLOCK)));
            float half = half(exponent);
            out[at] = (byte) exponent;
            for (int i = 0; i < BLOCK; i++) {
                codes[i] = (byte) nearest(x[from + i], half);
            }
            Nibbles.low(codes, 0, out, at + 1);
        }
    }

    /**
     * The exponent of the scale. The logarithm is rounded to a float before it is rounded down, as
     * in the reference: an element just below a power of two counts as that power.
     */
    private static int exponent(float largest) {
        if (largest == 0) {
            return 0;
        }
        float log = (float) (Math.log(largest) / LOG_2);
        return Math.max(0, (int) Math.floor(log) - TOP + BIAS);
    }

    /** {@code 2^(e - 128)}, which is subnormal for the two smallest exponents. */
    private static float half(int e) {
        return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : e - 1 << 23);
    }

    private static int nearest(float x, float half) {
        int best = 0;
        float least = Math.abs(TWICE[0] * half - x);
        for (int i = 1; i < TWICE.length; i++) {
            float error = Math.abs(TWICE[i] * half - x);
            if (error < least) {
                least = error;
                best = i;
            }
        }
        return best;
    }
}
