package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 17 bytes: {@code u8 e; u8 qs[16]} (OCP Microscaling Formats 1.0, MXFP4). The scale
 * is the power of two {@code 2^(e - 127)}; four bits are a number of sign, two bits of exponent and
 * one of mantissa. Nibbles as in {@link Q4_0}.
 */
final class MXFP4 {
    /** Twice the values of E2M1, so that they are integers. */
    private static final int[] TWICE = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private MXFP4() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float half = halfScale(Fields.u8(s, at));
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + 1 + j);
            y[to + j] = TWICE[q & 15] * half;
            y[to + j + 16] = TWICE[q >> 4] * half;
        }
    }

    /** {@code 2^(e - 128)}, which is subnormal for the two smallest exponents. */
    private static float halfScale(int e) {
        return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : e - 1 << 23);
    }
}
