package dev.snoozy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Decodes blocks of 32 elements of many rows at once: a lane is a row, and holds four bytes of its
 * block. Layouts and arithmetic: {@code dev.snoozy.format.block}.
 */
final class Blocks {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;
    private static final int V = Lanes.COUNT;
    private static final int ROWS = Tiles.ROWS;

    private Blocks() {}

    /** Q4_0: the low halves of sixteen bytes, then the high ones; 8 stands for 0. */
    static void q4(int[] words, float[] scales, float[] y, int to) {
        for (int r = 0; r < ROWS; r += V) {
            FloatVector d = FloatVector.fromArray(S, scales, r);
            for (int j = 0; j < 4; j++) {
                IntVector v = IntVector.fromArray(I, words, j * ROWS + r);
                int low = to + 4 * j * ROWS + r;
                for (int i = 0; i < 4; i++) {
                    scaled(v.and(15).sub(8), d, y, low + i * ROWS);
                    v = v.lanewise(LSHR, 4);
                    scaled(v.and(15).sub(8), d, y, low + (16 + i) * ROWS);
                    v = v.lanewise(LSHR, 4);
                }
            }
        }
    }

    /** Q8_0: thirty-two signed bytes. */
    static void q8(int[] words, float[] scales, float[] y, int to) {
        for (int r = 0; r < ROWS; r += V) {
            FloatVector d = FloatVector.fromArray(S, scales, r);
            for (int j = 0; j < 8; j++) {
                IntVector v = IntVector.fromArray(I, words, j * ROWS + r);
                int at = to + 4 * j * ROWS + r;
                for (int i = 0; i < 4; i++) {
                    scaled(v.lanewise(LSHL, 24).lanewise(ASHR, 24), d, y, at + i * ROWS);
                    v = v.lanewise(LSHR, 8);
                }
            }
        }
    }

    /** {@code y = q * d}. */
    static void scaled(IntVector q, FloatVector d, float[] y, int to) {
        ((FloatVector) q.convertShape(I2F, S, 0)).mul(d).intoArray(y, to);
    }
}
