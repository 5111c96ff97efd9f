package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 84 bytes: {@code u8 scales[16]; u8 qs[64]; f16 d, dmin}. Each half of 128
 * elements has 32 bytes of qs, whose bit pairs 0, 2, 4, 6 are four runs of 32 elements; each run
 * has two blocks of 16 with a scale byte: {@code x = d (sc & 15) q - dmin (sc >> 4)}.
 */
final class Q2_K {
    private Q2_K() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at + 80);
        float dmin = Fields.f16(s, at + 82);
        for (int block = 0; block < 16; block++) {
            int scale = Fields.u8(s, at + block);
            float factor = d * (scale & 15);
            float minimum = dmin * (scale >> 4);
            int shift = 2 * (block % 8 / 2);
            long quants = at + 16 + 32L * (block / 8) + 16L * (block % 2);
            for (int j = 0; j < 16; j++) {
                int q = Fields.u8(s, quants + j) >> shift & 3;
                y[to + 16 * block + j] = factor * q - minimum;
            }
        }
    }
}
