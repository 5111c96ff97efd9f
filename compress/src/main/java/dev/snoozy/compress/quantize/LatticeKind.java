package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

/**
 * How the lattice types differ. The numbers are those of the reference quantizer, found there by
 * trial.
 *
 * @param block elements that share a scale
 * @param mostLevel the highest level
 * @param steps scales tried on either side of the plain one
 * @param step their distance, in halves of a level
 * @param meanFactor what the mean square of a super-block counts in weights
 * @param plainMean the same when no importance is known
 * @param nothing a largest magnitude that is taken for zero
 * @param evenSigns whether the number of negative signs of eight elements must be even
 * @param fitted whether the range comes from a fit, not from the largest element
 * @param ownAtFirst what groups are before a scale has won: on points of their own or not
 * @param alwaysRefined whether the last choice is made even if all groups are on their own points
 * @param refinesAll whether it is made for all groups
 * @param correction of the factor of a super-block
 * @param packing where indices, signs and scales go
 */
record LatticeKind(
        TensorType type,
        int block,
        int mostLevel,
        int steps,
        float step,
        float meanFactor,
        float plainMean,
        float nothing,
        boolean evenSigns,
        boolean fitted,
        boolean ownAtFirst,
        boolean alwaysRefined,
        boolean refinesAll,
        float correction,
        Packing packing) {

    private static final float SMALL = 1e-8f;

    /** Writes all of a block but its factor. */
    @FunctionalInterface
    interface Packing {
        void write(int[] indices, int[] signs, int[] scales, byte[] out, int at);
    }

    static LatticeKind of(TensorType type) {
        return switch (type) {
            case IQ2_XXS ->
                    new LatticeKind(
                            type,
                            32,
                            2,
                            6,
                            0.1f,
                            1,
                            0,
                            Numbers.NOTHING,
                            true,
                            true,
                            true,
                            true,
                            true,
                            1,
                            LatticeKind::iq2xxs);
            case IQ2_XS ->
                    new LatticeKind(
                            type,
                            16,
                            2,
                            9,
                            0.1f,
                            1,
                            0,
                            Numbers.NOTHING,
                            true,
                            false,
                            true,
                            false,
                            false,
                            1,
                            LatticeKind::iq2xs);
            case IQ2_S ->
                    new LatticeKind(
                            type,
                            16,
                            2,
                            9,
                            0.1f,
                            2,
                            0.25f,
                            SMALL,
                            false,
                            false,
                            true,
                            false,
                            false,
                            0.9875f,
                            LatticeKind::iq2s);
            case IQ3_XXS ->
                    new LatticeKind(
                            type,
                            32,
                            7,
                            15,
                            0.2f,
                            2,
                            0,
                            SMALL,
                            true,
                            false,
                            true,
                            false,
                            false,
                            1.0125f,
                            LatticeKind::iq3xxs);
            case IQ3_S ->
                    new LatticeKind(
                            type,
                            32,
                            7,
                            9,
                            0.2f,
                            2,
                            0,
                            Float.MIN_VALUE,
                            false,
                            false,
                            false,
                            false,
                            true,
                            1.033f,
                            LatticeKind::iq3s);
            default -> throw new IllegalArgumentException(type + " has no lattice of magnitudes");
        };
    }

    private static void iq2xxs(int[] indices, int[] signs, int[] scales, byte[] out, int at) {
        for (int block = 0; block < 8; block++) {
            int word = scales[block] << 28;
            for (int k = 0; k < 4; k++) {
                out[at + 2 + 8 * block + k] = (byte) indices[4 * block + k];
                word |= (signs[4 * block + k] & 127) << 7 * k;
            }
            Numbers.intAt(word, out, at + 6 + 8 * block);
        }
    }

    private static void iq2xs(int[] indices, int[] signs, int[] scales, byte[] out, int at) {
        for (int i = 0; i < 32; i++) {
            Numbers.shortAt(indices[i] | (signs[i] & 127) << 9, out, at + 2 + 2 * i);
        }
        pairs(scales, out, at + 66);
    }

    private static void iq2s(int[] indices, int[] signs, int[] scales, byte[] out, int at) {
        for (int i = 0; i < 32; i++) {
            out[at + 2 + i] = (byte) indices[i];
            out[at + 34 + i] = (byte) signs[i];
            out[at + 66 + i / 4] |= (byte) (indices[i] >> 8 << 2 * (i % 4));
        }
        pairs(scales, out, at + 74);
    }

    private static void iq3xxs(int[] indices, int[] signs, int[] scales, byte[] out, int at) {
        for (int i = 0; i < 64; i++) {
            out[at + 2 + i] = (byte) indices[i];
        }
        for (int block = 0; block < 8; block++) {
            int word = scales[block] << 28;
            for (int k = 0; k < 4; k++) {
                word |= (signs[4 * block + k] & 127) << 7 * k;
            }
            Numbers.intAt(word, out, at + 66 + 4 * block);
        }
    }

    private static void iq3s(int[] indices, int[] signs, int[] scales, byte[] out, int at) {
        for (int i = 0; i < 64; i++) {
            out[at + 2 + i] = (byte) indices[i];
            out[at + 66 + i / 8] |= (byte) (indices[i] >> 8 << i % 8);
        }
        for (int i = 0; i < 32; i++) {
            out[at + 74 + i] = (byte) signs[i];
        }
        pairs(scales, out, at + 106);
    }

    /** Two scales of four bits in a byte. */
    private static void pairs(int[] scales, byte[] out, int at) {
        for (int i = 0; i < scales.length / 2; i++) {
            out[at + i] = (byte) (scales[2 * i] | scales[2 * i + 1] << 4);
        }
    }
}
