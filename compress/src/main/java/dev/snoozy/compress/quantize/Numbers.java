package dev.snoozy.compress.quantize;

/** Rounding and half precision as the reference quantizer does them. */
final class Numbers {
    /** 1.5 times 2^23: added to a float of less than 2^22, it leaves no room for a fraction. */
    static final float NO_FRACTION = 12_582_912f;

    /** A block whose largest element is below is taken for zeros. */
    static final float NOTHING = 1e-15f;

    private Numbers() {}

    /** The nearest integer, halves to even. */
    static float nearest(float x) {
        return x + NO_FRACTION - NO_FRACTION;
    }

    /** The nearest integer, halves to even, held between two bounds. */
    static int nearest(float x, int least, int most) {
        return Math.clamp((int) nearest(x), least, most);
    }

    /** The nearest integer, halves away from zero. */
    static int nearestAway(float x) {
        int whole = (int) x;
        return whole + (int) ((x - whole) * 2); // both exact
    }

    /** Writes a number in half precision and gives back what was written. */
    static float half(float x, byte[] out, int at) {
        short bits = Float.floatToFloat16(x);
        float written = Float.float16ToFloat(bits);
        if (Float.isInfinite(written)) {
            throw new ArithmeticException(
                    "found the number "
                            + x
                            + ", expected one within half precision (65504); cure: BF16 or F32 for this tensor");
        }
        shortAt(bits, out, at);
        return written;
    }

    static void shortAt(int bits, byte[] out, int at) {
        out[at] = (byte) bits;
        out[at + 1] = (byte) (bits >> 8);
    }

    static void intAt(int bits, byte[] out, int at) {
        shortAt(bits, out, at);
        shortAt(bits >> 16, out, at + 2);
    }

    /** The sum of the squares, one after another. */
    static float squares(float[] x, int from, int count) {
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += x[i] * x[i];
        }
        return sum;
    }
}
