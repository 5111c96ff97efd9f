package dev.snoozy.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Decodes blocks of 256 elements of many rows at once; see {@link Blocks}. A loop runs over one
 * eighth of a block, or a sixteenth in Q6_K: the part that has a scale of its own.
 */
final class KBlocks {
    private static final VectorSpecies<Float> S = Lanes.FLOATS;
    private static final VectorSpecies<Integer> I = Lanes.INTS;
    private static final int V = Lanes.COUNT;
    private static final int ROWS = Tiles.ROWS;

    /** Words before the codes of Q4_K: its scales and minima of six bits. */
    private static final int SCALES = 3;

    private KBlocks() {}

    /** Q4_K without its first two F16, which are the scales and minima here. */
    static void q4(int[] words, float[] scales, float[] minima, float[] y, int to) {
        for (int r = 0; r < ROWS; r += V) {
            for (int part = 0; part < 8; part++) {
                FloatVector d = times(scale(words, r, part), scales, r);
                FloatVector m = times(minimum(words, r, part), minima, r);
                int codes = SCALES + 8 * (part / 2);
                int at = to + 32 * part * ROWS + r;
                for (int j = 0; j < 8; j++) {
                    IntVector v = word(words, codes + j, r).lanewise(LSHR, 4 * (part % 2));
                    for (int i = 0; i < 4; i++) {
                        product(v.and(15), d).sub(m).intoArray(y, at + (4 * j + i) * ROWS);
                        v = v.lanewise(LSHR, 8);
                    }
                }
            }
        }
    }

    /** Q5_K without its first two F16: as Q4_K, with eight words of fifth bits before the codes. */
    static void q5(int[] words, float[] scales, float[] minima, float[] y, int to) {
        for (int r = 0; r < ROWS; r += V) {
            for (int part = 0; part < 8; part++) {
                FloatVector d = times(scale(words, r, part), scales, r);
                FloatVector m = times(minimum(words, r, part), minima, r);
                int codes = SCALES + 8 + 8 * (part / 2);
                int at = to + 32 * part * ROWS + r;
                for (int j = 0; j < 8; j++) {
                    IntVector v = word(words, codes + j, r).lanewise(LSHR, 4 * (part % 2));
                    IntVector high = word(words, SCALES + j, r).lanewise(LSHR, part);
                    for (int i = 0; i < 4; i++) {
                        IntVector q = v.and(15).or(high.and(1).lanewise(LSHL, 4));
                        product(q, d).sub(m).intoArray(y, at + (4 * j + i) * ROWS);
                        v = v.lanewise(LSHR, 8);
                        high = high.lanewise(LSHR, 8);
                    }
                }
            }
        }
    }

    /** Q6_K: 32 words of four low bits, 16 of two high ones, 4 of scales. */
    static void q6(int[] words, float[] scales, float[] y, int to) {
        for (int r = 0; r < ROWS; r += V) {
            for (int part = 0; part < 16; part++) {
                int half = part / 8;
                int run = part % 8 / 2;
                int second = 4 * (part % 2);
                int low = 16 * half + 8 * (run % 2) + second;
                int high = 32 + 8 * half + second;
                IntVector scale = word(words, 48 + part / 4, r).lanewise(LSHL, 24 - 8 * (part % 4));
                FloatVector d = times(scale.lanewise(ASHR, 24), scales, r);
                int at = to + 16 * part * ROWS + r;
                for (int j = 0; j < 4; j++) {
                    IntVector v = word(words, low + j, r).lanewise(LSHR, 4 * (run / 2));
                    IntVector h = word(words, high + j, r).lanewise(LSHR, 2 * run);
                    for (int i = 0; i < 4; i++) {
                        IntVector q = v.and(15).or(h.and(3).lanewise(LSHL, 4)).sub(32);
                        product(q, d).intoArray(y, at + (4 * j + i) * ROWS);
                        v = v.lanewise(LSHR, 8);
                        h = h.lanewise(LSHR, 8);
                    }
                }
            }
        }
    }

    /** Scale {@code part} of the eight in the first three words. */
    private static IntVector scale(int[] words, int r, int part) {
        int shift = 8 * (part % 4);
        if (part < 4) {
            return word(words, 0, r).lanewise(LSHR, shift).and(63);
        }
        IntVector top = word(words, 0, r).lanewise(LSHR, shift + 6).and(3);
        return word(words, 2, r).lanewise(LSHR, shift).and(15).or(top.lanewise(LSHL, 4));
    }

    /** Minimum {@code part} of the eight in the first three words. */
    private static IntVector minimum(int[] words, int r, int part) {
        int shift = 8 * (part % 4);
        if (part < 4) {
            return word(words, 1, r).lanewise(LSHR, shift).and(63);
        }
        IntVector top = word(words, 1, r).lanewise(LSHR, shift + 6).and(3);
        return word(words, 2, r).lanewise(LSHR, shift + 4).and(15).or(top.lanewise(LSHL, 4));
    }

    private static IntVector word(int[] words, int number, int r) {
        return IntVector.fromArray(I, words, number * ROWS + r);
    }

    private static FloatVector times(IntVector q, float[] factors, int r) {
        return product(q, FloatVector.fromArray(S, factors, r));
    }

    private static FloatVector product(IntVector q, FloatVector d) {
        return ((FloatVector) q.convertShape(I2F, S, 0)).mul(d);
    }
}
