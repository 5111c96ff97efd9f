package dev.snoozy.kernels.machine.code;

import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VFNMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMAXPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPADDD;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLD;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * The exponential function of floats up to 0: {@code exp(x) = 2^n exp(r)} with {@code n = x / ln 2}
 * rounded and {@code r = x - n ln 2}, and a polynomial for {@code exp(r)} (Cephes library, Moshier:
 * expf). Off by less than two units in the last place. Below {@link #LOWEST} the result is that of
 * {@link #LOWEST}; a NaN stays one.
 */
public final class ExpCode {
    /** About {@code -126 ln 2}: the smallest result that is a normal number. */
    public static final float LOWEST = -87.3f;

    private static final float LOG2_E = 1.44269504f;

    /** Adding this rounds to an integer, which then stands in the lowest bits. */
    private static final float ROUND = 0x1.8p23f;

    /** ln 2 in two parts, the first with so few bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int MANTISSA_BITS = 23;

    private static final float[] COEFFICIENTS = {
        1.9875691500e-4f,
        1.3981999507e-3f,
        8.3334519073e-3f,
        4.1665795894e-2f,
        1.6666665459e-1f,
        5.0000001201e-1f
    };

    private static final int FIRST_COEFFICIENT = 6;

    /** Where the constants have 1. */
    public static final int ONE = 5;

    private ExpCode() {}

    /** What the code loads, in its order. */
    public static float[] constants() {
        float[] all = new float[FIRST_COEFFICIENT + COEFFICIENTS.length];
        float[] first = {LOWEST, LOG2_E, ROUND, LN2_HIGH, LN2_LOW, 1};
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(COEFFICIENTS, 0, all, first.length, COEFFICIENTS.length);
        return all;
    }

    /**
     * {@code y = exp(x)}.
     *
     * @param constants register that holds the address of {@link #constants}
     * @param x changed
     * @param n changed
     * @param scratch changed where the set cannot take one element of memory for all lanes
     */
    public static void write(
            Isa isa, Assembler a, Gpr constants, Vec x, Vec n, Vec y, Vec scratch) {
        a.op(VBROADCASTSS, y, constant(constants, 0));
        a.op(VMAXPS, x, y, x);
        a.op(VBROADCASTSS, n, constant(constants, 2));
        isa.all(a, VFMADD231PS, n, x, constant(constants, 1), scratch);
        isa.all(a, VSUBPS, y, n, constant(constants, 2), scratch);
        isa.all(a, VFNMADD231PS, x, y, constant(constants, 3), scratch);
        isa.all(a, VFNMADD231PS, x, y, constant(constants, 4), scratch);
        a.op(VBROADCASTSS, y, constant(constants, FIRST_COEFFICIENT));
        for (int i = 1; i < COEFFICIENTS.length; i++) {
            isa.all(a, VFMADD213PS, y, x, constant(constants, FIRST_COEFFICIENT + i), scratch);
        }
        a.op(VMULPS, y, y, x);
        a.op(VFMADD213PS, y, x, x);
        isa.all(a, VADDPS, y, y, constant(constants, ONE), scratch);
        a.shift(VPSLLD, n, n, MANTISSA_BITS);
        a.op(VPADDD, y, y, n);
    }

    private static Mem constant(Gpr constants, int index) {
        return constants.at(index * Float.BYTES);
    }
}
