package dev.snoozy.compress.quantize;

import java.util.Arrays;

/**
 * Codes of many blocks of 32 whose scales are known: {@code trunc((x - offset) * inverse + more)}.
 *
 * <p>Works in steps over all elements, each a loop that the compiler turns into vector
 * instructions; within a block there would be too little to do at once.
 */
final class PlainCodes {
    static final int BLOCK = 32;

    /** The largest float below 1/2: added to a number, it never reaches a next half by rounding. */
    private static final float BELOW_HALF = 0x1.fffffep-2f;

    /** So large that its product with anything but zeros is beyond a half. */
    private static final float HUGE = 1e30f;

    private float[] inverses = new float[0];
    private float[] offsets = new float[0];
    private float[] scaled = new float[0];
    private byte[] codes = new byte[0];

    /** Makes room for a number of elements. */
    void prepare(int count) {
        if (codes.length < count) {
            inverses = new float[count];
            offsets = new float[count];
            scaled = new float[count];
            codes = new byte[count];
        }
    }

    /** Sets the inverse scale of the block that begins at an element. */
    void inverse(int from, float inverse) {
        Arrays.fill(inverses, from, from + BLOCK, inverse);
    }

    /** Sets the offset of the block that begins at an element. */
    void offset(int from, float offset) {
        Arrays.fill(offsets, from, from + BLOCK, offset);
    }

    /** The codes, one for each element. */
    byte[] codes() {
        return codes;
    }

    /** Codes {@code trunc(x inverse + more)}, at most {@code most}. */
    void signed(float[] x, int count, float more, float most) {
        signed(x, inverses, more, most, scaled, count);
        truncate(scaled, codes, count);
    }

    private static void signed(
            float[] x, float[] inverse, float more, float most, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Math.min(most, x[i] * inverse[i] + more);
        }
    }

    /** Codes {@code trunc((x - offset) inverse + 1/2)}, at most {@code most}. */
    void above(float[] x, int count, float most) {
        above(x, offsets, inverses, most, scaled, count);
        truncate(scaled, codes, count);
    }

    private static void above(
            float[] x, float[] offset, float[] inverse, float most, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Math.min(most, (x[i] - offset[i]) * inverse[i] + 0.5f);
        }
    }

    /** Codes {@code x inverse}, rounded to the nearest, halves away from zero. */
    void nearestAway(float[] x, int count) {
        nearestAway(x, inverses, scaled, count);
        truncate(scaled, codes, count);
    }

    private static void nearestAway(float[] x, float[] inverse, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            float v = x[i] * inverse[i];
            float half = Math.max(-BELOW_HALF, Math.min(BELOW_HALF, v * HUGE));
            target[i] = v + half;
        }
    }

    private static void truncate(float[] x, byte[] codes, int count) {
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) x[i];
        }
    }
}
