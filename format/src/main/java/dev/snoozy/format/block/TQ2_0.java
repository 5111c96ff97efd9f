package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements of -1, 0 and 1 in 66 bytes: {@code u8 qs[64]; f16 d}. Each half of 128 elements has
 * 32 bytes, whose bit pairs 0, 2, 4, 6 are four runs of 32; {@code x = (q - 1) d}.
 */
final class TQ2_0 {
    private TQ2_0() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at + 64);
        for (int run = 0; run < 8; run++) {
            for (int j = 0; j < 32; j++) {
                int q = Fields.u8(s, at + 32L * (run / 4) + j) >> 2 * (run % 4) & 3;
                y[to + 32 * run + j] = (q - 1) * d;
            }
        }
    }
}
