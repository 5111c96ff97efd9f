package dev.snoozy.compress.quantize;

import java.util.Arrays;

/**
 * Finds a scale and an offset for each of many blocks, so that codes from 0 to a largest one come
 * near the elements: {@code x = scale * code + least}, with {@code least} not above 0.
 *
 * <p>A few candidates for the inverse scale give codes; for the codes of each the best pair follows
 * from the normal equations of weighted least squares; the pair with the smallest weighted error
 * wins. All sums run over the elements in their order, each product and sum rounded by itself, so
 * that the choice is the reference's to the last bit.
 */
final class AffineSearch {
    /** The search when the importance of columns is known. */
    static final Candidates WITH_IMPORTANCE = new Candidates(-0.9f, 0.05f, 36, false);

    /**
     * The inverse scales that are tried: {@code (first + step i + largest code) / range}.
     *
     * @param absolute whether errors count by their absolute value, not by their square
     */
    record Candidates(float first, float step, int steps, boolean absolute) {}

    final Lanes x;
    final Lanes weights;

    /** The scale of each lane, 0 where all elements are the same and not positive. */
    final float[] scale = new float[Lanes.COUNT];

    /** The offset of each lane, 0 or below. */
    final float[] least = new float[Lanes.COUNT];

    private final int most;
    private final float[] lowest = new float[Lanes.COUNT];
    private final float[] highest = new float[Lanes.COUNT];
    private final float[] inverse = new float[Lanes.COUNT];

    /** The offset from which the codes that won were counted. */
    private final float[] origin = new float[Lanes.COUNT];

    private final float[] error = new float[Lanes.COUNT];
    private final float[] sumWeights = new float[Lanes.COUNT];
    private final float[] sumX = new float[Lanes.COUNT];
    private final float[] sumCodes = new float[Lanes.COUNT];
    private final float[] sumSquares = new float[Lanes.COUNT];
    private final float[] sumProducts = new float[Lanes.COUNT];
    private final float[] triedInverse = new float[Lanes.COUNT];
    private final float[] triedScale = new float[Lanes.COUNT];
    private final float[] triedLeast = new float[Lanes.COUNT];
    private final float[] triedError = new float[Lanes.COUNT];
    private final Lanes codes;

    /**
     * @param block elements of a block
     * @param most the largest code
     */
    AffineSearch(int block, int most) {
        this.x = new Lanes(block);
        this.weights = new Lanes(block);
        this.codes = new Lanes(block);
        this.most = most;
    }

    /** The code of an element under the inverse scale that won; used where no scale is left. */
    int code(int i, int lane) {
        if (isFlat(lane)) {
            return 0;
        }
        float distance = x.at()[i][lane] - origin[lane];
        return Numbers.nearest(inverse[lane] * distance, 0, most);
    }

    private boolean isFlat(int lane) {
        return highest[lane] == lowest[lane];
    }

    /** Searches; {@link #x} and {@link #weights} are filled. */
    void run(int lanes, Candidates candidates) {
        ranges(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            inverse[lane] = most / (highest[lane] - lowest[lane]);
            scale[lane] = 1 / inverse[lane];
            least[lane] = lowest[lane];
            origin[lane] = lowest[lane];
        }
        sums(inverse, lanes);
        errors(scale, least, candidates.absolute, error, lanes);
        for (int i = 0; i <= candidates.steps; i++) {
            float numerator = candidates.first + candidates.step * i + most;
            for (int lane = 0; lane < lanes; lane++) {
                triedInverse[lane] = numerator / (highest[lane] - least[lane]);
            }
            sums(triedInverse, lanes);
            solve(lanes);
            errors(triedScale, triedLeast, candidates.absolute, triedError, lanes);
            keepBetter(lanes);
        }
        for (int lane = 0; lane < lanes; lane++) {
            if (isFlat(lane)) {
                scale[lane] = 0;
                least[lane] = lowest[lane];
            }
        }
    }

    private void ranges(int lanes) {
        System.arraycopy(x.at()[0], 0, lowest, 0, lanes);
        System.arraycopy(x.at()[0], 0, highest, 0, lanes);
        Arrays.fill(sumWeights, 0, lanes, 0);
        Arrays.fill(sumX, 0, lanes, 0);
        for (int i = 0; i < x.block(); i++) {
            range(x.at()[i], lowest, highest, lanes);
            weigh(x.at()[i], weights.at()[i], sumWeights, sumX, lanes);
        }
        for (int lane = 0; lane < lanes; lane++) {
            lowest[lane] = Math.min(lowest[lane], 0);
        }
    }

    private static void range(float[] x, float[] lowest, float[] highest, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            lowest[lane] = Math.min(lowest[lane], x[lane]);
            highest[lane] = Math.max(highest[lane], x[lane]);
        }
    }

    private static void weigh(float[] x, float[] w, float[] sumW, float[] sumX, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            sumW[lane] += w[lane];
            sumX[lane] += w[lane] * x[lane];
        }
    }

    /** Codes under the given inverse scales, and the sums that the normal equations need. */
    private void sums(float[] inverses, int lanes) {
        Arrays.fill(sumCodes, 0, lanes, 0);
        Arrays.fill(sumSquares, 0, lanes, 0);
        Arrays.fill(sumProducts, 0, lanes, 0);
        for (int i = 0; i < x.block(); i++) {
            sums(x.at()[i], weights.at()[i], inverses, codes.at()[i], lanes);
        }
    }

    private void sums(float[] x, float[] w, float[] inverses, float[] code, int lanes) {
        encode(x, inverses, least, most, code, lanes);
        add(x, w, code, sumCodes, sumSquares, sumProducts, lanes);
    }

    private static void encode(
            float[] x, float[] inverse, float[] origin, float most, float[] code, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float q = Numbers.nearest(inverse[lane] * (x[lane] - origin[lane]));
            code[lane] = Math.max(0, Math.min(most, q));
        }
    }

    private static void add(
            float[] x,
            float[] w,
            float[] code,
            float[] sumCodes,
            float[] sumSquares,
            float[] sumProducts,
            int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float wq = w[lane] * code[lane];
            sumCodes[lane] += wq;
            sumSquares[lane] += wq * code[lane];
            sumProducts[lane] += wq * x[lane];
        }
    }

    /** The best scale and offset for the codes that were summed. */
    private void solve(int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float w = sumWeights[lane];
            float q = sumCodes[lane];
            float qq = sumSquares[lane];
            float qx = sumProducts[lane];
            float determinant = w * qq - q * q;
            float slope = (w * qx - sumX[lane] * q) / determinant;
            float offset = (qq * sumX[lane] - q * qx) / determinant;
            if (offset > 0) {
                offset = 0;
                slope = qx / qq;
            }
            triedScale[lane] = determinant > 0 ? slope : Float.NaN; // an error that never wins
            triedLeast[lane] = offset;
        }
    }

    private void errors(
            float[] scales, float[] offsets, boolean absolute, float[] errors, int lanes) {
        Arrays.fill(errors, 0, lanes, 0);
        for (int i = 0; i < x.block(); i++) {
            float[] w = weights.at()[i];
            if (absolute) {
                addErrors(x.at()[i], w, codes.at()[i], scales, offsets, errors, lanes);
            } else {
                addSquares(x.at()[i], w, codes.at()[i], scales, offsets, errors, lanes);
            }
        }
    }

    private static void addErrors(
            float[] x,
            float[] w,
            float[] code,
            float[] scale,
            float[] offset,
            float[] error,
            int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float difference = scale[lane] * code[lane] + offset[lane] - x[lane];
            error[lane] += w[lane] * Math.abs(difference);
        }
    }

    private static void addSquares(
            float[] x,
            float[] w,
            float[] code,
            float[] scale,
            float[] offset,
            float[] error,
            int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float difference = scale[lane] * code[lane] + offset[lane] - x[lane];
            error[lane] += w[lane] * (difference * difference);
        }
    }

    private void keepBetter(int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            if (triedError[lane] < error[lane]) {
                error[lane] = triedError[lane];
                scale[lane] = triedScale[lane];
                origin[lane] = least[lane];
                least[lane] = triedLeast[lane];
                inverse[lane] = triedInverse[lane];
            }
        }
    }
}
