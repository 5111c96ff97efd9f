package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.scalar.Sums;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over a row in the sixteen lanes of {@code docs/numerics.md}, whatever the width of a vector:
 * a narrow one goes through the row once for each part of the lanes.
 */
final class RowSums {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final int LANES = Sums.LANES;

    private RowSums() {}

    /**
     * The sum of a row's elements.
     *
     * @param lanes scratch of sixteen
     */
    static float sum(float[] x, int from, int count, float[] lanes) {
        int whole = count - count % LANES;
        for (int lane = 0; lane < LANES; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(S);
            for (int i = lane; i < whole; i += LANES) {
                sum = sum.add(FloatVector.fromArray(S, x, from + i));
            }
            sum.intoArray(lanes, lane);
        }
        for (int i = whole; i < count; i++) {
            lanes[i - whole] += x[from + i];
        }
        return Sums.fold(lanes);
    }

    /**
     * The sum of the squares of {@code x[i] - mean}.
     *
     * @param lanes scratch of sixteen
     */
    static float sumOfSquares(float[] x, int from, int count, float mean, float[] lanes) {
        int whole = count - count % LANES;
        for (int lane = 0; lane < LANES; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(S);
            for (int i = lane; i < whole; i += LANES) {
                FloatVector d = FloatVector.fromArray(S, x, from + i).sub(mean);
                sum = d.fma(d, sum);
            }
            sum.intoArray(lanes, lane);
        }
        for (int i = whole; i < count; i++) {
            float d = x[from + i] - mean;
            lanes[i - whole] = Math.fma(d, d, lanes[i - whole]);
        }
        return Sums.fold(lanes);
    }
}
