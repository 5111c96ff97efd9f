package dev.snoozy.compress.quantize;

import java.util.Arrays;

/**
 * Quantizes the scales (or offsets) of the blocks of one super-block when their weights are known:
 * a common factor is searched, then single codes are changed while that lowers the error.
 *
 * <p>Codes go from 0 to a largest one. Where a number is negative, which only the two-bit types
 * know, its code wraps round as an unsigned byte does, in the same places as in the reference.
 */
final class PositiveScales {
    private static final int STEPS = 4;
    private static final float STEP = 0.1f;
    private static final int ROUNDS = 5;
    private static final int BYTE = 255;

    private PositiveScales() {}

    /**
     * Quantizes.
     *
     * @param x the numbers, from {@code from} on
     * @param w their weights, from {@code weightsFrom} on
     * @param most the largest code
     * @param codes receives the codes from index 0 on
     * @return the factor
     */
    static float quantize(
            float[] x, int from, float[] w, int weightsFrom, int count, int most, int[] codes) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, x[from + i]);
        }
        if (largest < Numbers.NOTHING) {
            Arrays.fill(codes, 0, count, 0);
            return 0;
        }
        float inverse = bestInverse(x, from, w, weightsFrom, count, most, largest);
        float sumX = 0;
        float sum2 = 0;
        for (int i = 0; i < count; i++) {
            int code = Math.min(most, (int) Numbers.nearest(inverse * x[from + i]));
            codes[i] = code & BYTE;
            sumX += w[weightsFrom + i] * x[from + i] * code;
            sum2 += w[weightsFrom + i] * code * code;
        }
        for (int round = 0; round < ROUNDS; round++) {
            boolean changed = false;
            for (int i = 0; i < count; i++) {
                float wi = w[weightsFrom + i];
                float xi = x[from + i];
                float otherX = sumX - wi * xi * codes[i];
                float other2 = sum2 - wi * codes[i] * codes[i];
                if (otherX > 0 && other2 > 0) {
                    int code = Math.min(most, (int) Numbers.nearest(xi * other2 / otherX));
                    float newX = otherX + wi * xi * code;
                    float new2 = other2 + wi * code * code;
                    if (code != codes[i] && newX * newX * sum2 > sumX * sumX * new2) {
                        codes[i] = code & BYTE;
                        sumX = newX;
                        sum2 = new2;
                        changed = true;
                    }
                }
            }
            if (!changed) {
                break;
            }
        }
        return sum2 > 0 ? sumX / sum2 : 0;
    }

    private static float bestInverse(
            float[] x, int from, float[] w, int weightsFrom, int count, int most, float largest) {
        float best = most / largest;
        float least = error(x, from, w, weightsFrom, count, BYTE, best);
        for (int i = -STEPS; i <= STEPS; i++) {
            float inverse = (STEP * i + most) / largest;
            if (i != 0) {
                float error = error(x, from, w, weightsFrom, count, most, inverse);
                if (error < least) {
                    least = error;
                    best = inverse;
                }
            }
        }
        return best;
    }

    private static float error(
            float[] x, int from, float[] w, int weightsFrom, int count, int most, float inverse) {
        float scale = 1 / inverse;
        float error = 0;
        for (int i = 0; i < count; i++) {
            int nearest = (int) Numbers.nearest(inverse * x[from + i]);
            int code = most == BYTE ? nearest & BYTE : Math.min(most, nearest);
            float difference = x[from + i] - scale * code;
            error += w[weightsFrom + i] * difference * difference;
        }
        return error;
    }
}
