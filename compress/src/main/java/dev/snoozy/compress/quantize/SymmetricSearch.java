package dev.snoozy.compress.quantize;

import java.util.Arrays;

/**
 * Finds a scale for each of many blocks, so that codes around 0 come near the elements: {@code x =
 * scale * (code - zero)}, with codes from 0 to {@code 2 zero - 1}.
 *
 * <p>Candidates are scales under which the largest element becomes about the lowest code; for the
 * codes of each the best scale follows from weighted least squares. Sums as in {@link
 * AffineSearch}.
 */
final class SymmetricSearch {
    private static final int STEPS = 9;
    private static final float STEP = 0.1f;

    final Lanes x;
    final Lanes weights;

    /** The scale of each lane, 0 where there is nothing but zeros. */
    final float[] scale = new float[Lanes.COUNT];

    private final int zero;
    private final float[] lowest = new float[Lanes.COUNT];
    private final float[] largest = new float[Lanes.COUNT];
    private final float[] inverse = new float[Lanes.COUNT];
    private final float[] best = new float[Lanes.COUNT];
    private final float[] tried = new float[Lanes.COUNT];
    private final float[] sumProducts = new float[Lanes.COUNT];
    private final float[] sumSquares = new float[Lanes.COUNT];

    /**
     * @param block elements of a block
     * @param zero the code of 0
     */
    SymmetricSearch(int block, int zero) {
        this.x = new Lanes(block);
        this.weights = new Lanes(block);
        this.zero = zero;
    }

    /** The code of an element under the inverse scale that won. */
    int code(int i, int lane) {
        return isNothing(lane)
                ? 0
                : zero + Numbers.nearest(inverse[lane] * x.at()[i][lane], -zero, zero - 1);
    }

    private boolean isNothing(int lane) {
        return Math.abs(largest[lane]) < Numbers.NOTHING;
    }

    /** Searches; {@link #x} and {@link #weights} are filled. */
    void run(int lanes) {
        findLargest(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            inverse[lane] = -zero / largest[lane];
        }
        sums(inverse, lanes);
        for (int lane = 0; lane < lanes; lane++) {
            float squares = sumSquares[lane];
            scale[lane] = squares == 0 ? 0 : sumProducts[lane] / squares;
            best[lane] = scale[lane] * sumProducts[lane];
        }
        for (int i = -STEPS; i <= STEPS; i++) {
            if (i != 0) {
                attempt(-(zero + STEP * i), lanes);
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            if (isNothing(lane)) {
                scale[lane] = 0;
            }
        }
    }

    private void findLargest(int lanes) {
        System.arraycopy(x.at()[0], 0, lowest, 0, lanes);
        System.arraycopy(x.at()[0], 0, largest, 0, lanes);
        for (float[] row : x.at()) {
            range(row, lowest, largest, lanes);
        }
        for (int lane = 0; lane < lanes; lane++) {
            if (-lowest[lane] > largest[lane]) {
                largest[lane] = lowest[lane];
            } else if (-lowest[lane] == largest[lane]) {
                largest[lane] = first(largest[lane], lane);
            }
        }
    }

    /** The first element of that magnitude. */
    private float first(float magnitude, int lane) {
        for (float[] row : x.at()) {
            if (Math.abs(row[lane]) == magnitude) {
                return row[lane];
            }
        }
        return magnitude;
    }

    private static void range(float[] x, float[] lowest, float[] highest, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            lowest[lane] = Math.min(lowest[lane], x[lane]);
            highest[lane] = Math.max(highest[lane], x[lane]);
        }
    }

    private void attempt(float numerator, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            tried[lane] = numerator / largest[lane];
        }
        sums(tried, lanes);
        for (int lane = 0; lane < lanes; lane++) {
            float products = sumProducts[lane];
            float squares = sumSquares[lane];
            if (squares > 0 && products * products > best[lane] * squares) {
                scale[lane] = products / squares;
                best[lane] = scale[lane] * products;
                inverse[lane] = tried[lane];
            }
        }
    }

    private void sums(float[] inverses, int lanes) {
        Arrays.fill(sumProducts, 0, lanes, 0);
        Arrays.fill(sumSquares, 0, lanes, 0);
        for (int i = 0; i < x.block(); i++) {
            float[] w = weights.at()[i];
            add(x.at()[i], w, inverses, -zero, zero - 1, sumProducts, sumSquares, lanes);
        }
    }

    private static void add(
            float[] x,
            float[] w,
            float[] inverse,
            float least,
            float most,
            float[] sumProducts,
            float[] sumSquares,
            int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float q = Numbers.nearest(inverse[lane] * x[lane]);
            float code = Math.max(least, Math.min(most, q));
            sumProducts[lane] += w[lane] * x[lane] * code;
            sumSquares[lane] += w[lane] * code * code;
        }
    }
}
