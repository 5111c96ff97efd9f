package dev.snoozy.kernels.machine.packing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The rounding of activations to 8 bit in plain Java; see {@link Activations8}. */
public final class PlainRounding {
    private static final int BLOCK = Format16.BLOCK;

    private PlainRounding() {}

    /**
     * Packs one tile.
     *
     * @param x the tokens' elements, {@code columns} apart
     * @param from index of the first element of the tile's first token
     * @param tokens in this tile
     * @param blocks per token; those beyond the last column are zero
     * @param at where the tile begins in the target
     */
    public static void pack(
            Activations8 kind,
            float[] x,
            int from,
            int columns,
            int tokens,
            int blocks,
            MemorySegment target,
            long at) {
        byte[] q = new byte[BLOCK];
        for (int b = 0; b < blocks; b++) {
            long block = at + kind.bytes(tokens, b);
            int count = Math.min(BLOCK, columns - b * BLOCK);
            for (int t = 0; t < tokens; t++) {
                int start = from + t * columns + b * BLOCK;
                float d = count <= 0 ? 0 : round(x, start, count, q);
                if (count < BLOCK) {
                    Arrays.fill(q, Math.max(0, count), BLOCK, (byte) 0);
                }
                MemorySegment.copy(q, 0, target, JAVA_BYTE, block + (long) t * BLOCK, BLOCK);
                target.set(JAVA_FLOAT, block + Activations8.scalesAt(tokens) + 4L * t, d);
                for (int part = 0; part < kind.parts(); part++) {
                    int sum = 0;
                    int length = BLOCK / kind.parts();
                    for (int i = part * length; i < (part + 1) * length; i++) {
                        sum += q[i];
                    }
                    long to = block + Activations8.sumsAt(tokens, part) + 4L * t;
                    if (kind.minima()) {
                        target.set(JAVA_FLOAT, to, d * sum);
                    } else {
                        target.set(JAVA_INT, to, -kind.zero() * sum);
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
