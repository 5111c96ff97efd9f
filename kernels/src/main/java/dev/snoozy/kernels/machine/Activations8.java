package dev.snoozy.kernels.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Activations in 8 bit, as the kernels read them beside weights of some kind. Per block of 32:
 * {@code d = max |x| / 127}, each element {@code q = x / d} rounded half to even, so {@code x ≈ d
 * q}. A block with an infinity or a NaN has a {@code d} that is none either, and makes every
 * product NaN. One whose {@code d} is below the normal numbers counts as zero.
 *
 * <p>Tokens stand in tiles. Per block of a tile of {@code t} tokens: {@code t} times 32 bytes of
 * {@code q}; {@code t} floats {@code d}; then for each part of the block {@code t} numbers of four
 * bytes. Where the weights have minima these are the floats {@code d * sum of q}; elsewhere the
 * integers {@code -zero * sum of q}, which undo that codes are shifted to be positive.
 *
 * @param parts of a block that have scales of their own, 1 or 2
 * @param minima whether the weights have minima
 * @param zero the code that stands for 0 in the weights
 */
record Activations8(int parts, boolean minima, int zero) {
    private static final int BLOCK = Format16.BLOCK;

    /** What the weights of a format need. */
    static Activations8 of(Format16 format) {
        return new Activations8(format.parts(), format.hasMinima(), format.zero());
    }

    /** Bytes per block and token. */
    int record() {
        return BLOCK + Float.BYTES + parts * Float.BYTES;
    }

    /** Bytes of {@code tokens} tokens with {@code blocks} blocks each. */
    long bytes(int tokens, int blocks) {
        return (long) tokens * blocks * record();
    }

    /** Where the scales begin in a block of a tile. */
    static int scalesAt(int tokens) {
        return tokens * BLOCK;
    }

    /** Where the sums of a part begin in a block of a tile. */
    static int sumsAt(int tokens, int part) {
        return tokens * (BLOCK + (1 + part) * Float.BYTES);
    }

    /**
     * Packs one tile.
     *
     * @param x the tokens' elements, {@code columns} apart
     * @param from index of the first element of the tile's first token
     * @param tokens in this tile
     * @param blocks per token; those beyond the last column are zero
     * @param at where the tile begins in the target
     */
    void pack(
            float[] x,
            int from,
            int columns,
            int tokens,
            int blocks,
            MemorySegment target,
            long at) {
        byte[] q = new byte[BLOCK];
        for (int b = 0; b < blocks; b++) {
            long block = at + bytes(tokens, b);
            int count = Math.min(BLOCK, columns - b * BLOCK);
            for (int t = 0; t < tokens; t++) {
                int start = from + t * columns + b * BLOCK;
                float d = count <= 0 ? 0 : round(x, start, count, q);
                if (count < BLOCK) {
                    Arrays.fill(q, Math.max(0, count), BLOCK, (byte) 0);
                }
                MemorySegment.copy(q, 0, target, JAVA_BYTE, block + (long) t * BLOCK, BLOCK);
                target.set(JAVA_FLOAT, block + scalesAt(tokens) + 4L * t, d);
                for (int part = 0; part < parts; part++) {
                    int sum = 0;
                    int length = BLOCK / parts;
                    for (int i = part * length; i < (part + 1) * length; i++) {
                        sum += q[i];
                    }
                    long to = block + sumsAt(tokens, part) + 4L * t;
                    if (minima) {
                        target.set(JAVA_FLOAT, to, d * sum);
                    } else {
                        target.set(JAVA_INT, to, -zero * sum);
                    }
                }
            }
        }
    }

    /** Rounds elements to {@code q} and gives their scale. */
    private static float round(float[] x, int start, int count, byte[] q) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(x[start + i]));
        }
        float d = largest / 127;
        float inverse = d < Float.MIN_NORMAL ? 0 : 1 / d;
        for (int i = 0; i < count; i++) {
            q[i] = (byte) (int) Math.rint(x[start + i] * inverse);
        }
        return d;
    }
}
