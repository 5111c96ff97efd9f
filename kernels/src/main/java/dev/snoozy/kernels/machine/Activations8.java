package dev.snoozy.kernels.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Activations in 8 bit, as the kernels read them. Per block of 32: {@code d = max |x| / 127}, each
 * element {@code q = x / d} rounded half to even, so {@code x ≈ d q}. A block with an infinity or a
 * NaN has a {@code d} that is none either, and makes every product NaN. One whose {@code d} is
 * below the normal numbers counts as zero.
 *
 * <p>Tokens stand in tiles. Per block of a tile of {@code t} tokens: {@code t} times 32 bytes of
 * {@code q}; {@code t} floats {@code d}; {@code t} integers {@code -zero * sum of q}, which undoes
 * that the codes of a weight are shifted to be positive.
 */
final class Activations8 {
    private static final int BLOCK = Format16.BLOCK;

    /** Bytes per block and token. */
    static final int RECORD = BLOCK + Float.BYTES + Integer.BYTES;

    private Activations8() {}

    /** Bytes of {@code tokens} tokens with {@code blocks} blocks each. */
    static long bytes(int tokens, int blocks) {
        return (long) tokens * blocks * RECORD;
    }

    /**
     * Packs one tile.
     *
     * @param x the tokens' elements, {@code columns} apart
     * @param from index of the first element of the tile's first token
     * @param tokens in this tile
     * @param blocks per token; those beyond the last column are zero
     * @param zero the code that stands for 0 in the weight
     * @param at where the tile begins in the target
     */
    static void pack(
            float[] x,
            int from,
            int columns,
            int tokens,
            int blocks,
            int zero,
            MemorySegment target,
            long at) {
        for (int b = 0; b < blocks; b++) {
            long block = at + bytes(tokens, b);
            long scales = block + (long) tokens * BLOCK;
            long sums = scales + (long) tokens * Float.BYTES;
            int count = Math.min(BLOCK, columns - b * BLOCK);
            for (int t = 0; t < tokens; t++) {
                int start = from + t * columns + b * BLOCK;
                float largest = 0;
                for (int i = 0; i < count; i++) {
                    largest = Math.max(largest, Math.abs(x[start + i]));
                }
                float d = largest / 127;
                float inverse = d < Float.MIN_NORMAL ? 0 : 1 / d;
                int sum = 0;
                long bytes = block + (long) t * BLOCK;
                for (int i = 0; i < BLOCK; i++) {
                    int q = i < count ? (int) Math.rint(x[start + i] * inverse) : 0;
                    target.set(JAVA_BYTE, bytes + i, (byte) q);
                    sum += q;
                }
                target.set(JAVA_FLOAT, scales + (long) t * Float.BYTES, d);
                target.set(JAVA_INT, sums + (long) t * Integer.BYTES, -zero * sum);
            }
        }
    }
}
