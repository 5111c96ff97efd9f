package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 18 bytes as {@link Q4_0}, but the four bits are an index into sixteen values that
 * lie closer together near 0; {@code x = d value[q]}.
 */
final class IQ4_NL {
    /** The values of IQ4_NL and IQ4_XS (kvalues_iq4nl in ggml-common.h). */
    private static final int[] VALUES = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    private IQ4_NL() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        values(s, at + 2, Fields.f16(s, at), y, to);
    }

    /** 32 elements from 16 bytes of indices. */
    static void values(MemorySegment s, long at, float d, float[] y, int to) {
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + j);
            y[to + j] = d * VALUES[q & 15];
            y[to + j + 16] = d * VALUES[q >> 4];
        }
    }
}
