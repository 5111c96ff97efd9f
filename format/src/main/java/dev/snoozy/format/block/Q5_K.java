package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 176 bytes: {@code f16 d, dmin; u8 scales[12]; u8 qh[32]; u8 qs[128]}. As {@link
 * Q4_K}, with the fifth bit of element l of block b in bit b of qh[l].
 */
final class Q5_K {
    private Q5_K() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        float dmin = Fields.f16(s, at + 2);
        for (int block = 0; block < 8; block++) {
            float factor = d * KScales.scale(s, at + 4, block);
            float minimum = dmin * KScales.minimum(s, at + 4, block);
            int shift = 4 * (block % 2);
            long quants = at + 48 + 32L * (block / 2);
            for (int j = 0; j < 32; j++) {
                int low = Fields.u8(s, quants + j) >> shift & 15;
                int high = Fields.u8(s, at + 16 + j) >> block & 1;
                y[to + 32 * block + j] = factor * (low | high << 4) - minimum;
            }
        }
    }
}
