package dev.snoozy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exponential function: {@code exp(x) = 2^n exp(r)} with {@code n = x / ln 2} rounded and
 * {@code r = x - n ln 2}, and a polynomial for {@code exp(r)} (Cephes library, Moshier: expf). Off
 * by less than two units in the last place, and the same for vectors of any width; the machine code
 * takes the same steps. Below {@link #LOWEST} the result is that of {@link #LOWEST}; a NaN stays
 * one.
 */
final class Exp {
    /** About {@code -126 ln 2}: the smallest result that is a normal number. */
    static final float LOWEST = -87.3f;

    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final float LOG2_E = 1.44269504f;

    /** Adding this rounds to an integer, which then stands in the lowest bits. */
    private static final float ROUND = 0x1.8p23f;

    /** ln 2 in two parts, the first with so few bits that its multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    private static final int MANTISSA_BITS = 23;

    private Exp() {}

    /**
     * Replaces elements, none of which is above {@code -LOWEST}, by their exponentials.
     *
     * @param count a multiple of the lanes
     */
    static void replace(float[] x, int from, int count) {
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(S, x, i).max(LOWEST);
            FloatVector n = v.fma(all(LOG2_E), all(ROUND));
            FloatVector whole = n.sub(ROUND);
            FloatVector r = whole.fma(all(-LN2_LOW), whole.fma(all(-LN2_HIGH), v));
            FloatVector y = r.fma(all(1.9875691500e-4f), all(1.3981999507e-3f));
            y = y.fma(r, all(8.3334519073e-3f));
            y = y.fma(r, all(4.1665795894e-2f));
            y = y.fma(r, all(1.6666665459e-1f));
            y = y.fma(r, all(5.0000001201e-1f));
            y = y.mul(r).fma(r, r).add(1);
            y.reinterpretAsInts()
                    .add(n.reinterpretAsInts().lanewise(LSHL, MANTISSA_BITS))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(S, value);
    }
}
