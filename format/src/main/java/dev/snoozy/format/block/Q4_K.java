package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 144 bytes: {@code f16 d, dmin; u8 scales[12]; u8 qs[128]}. Eight blocks of 32;
 * each 32 bytes of qs hold two of them, the first in the low four bits; {@code x = d sc q - dmin
 * m}.
 */
final class Q4_K {
    private Q4_K() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        float dmin = Fields.f16(s, at + 2);
        for (int block = 0; block < 8; block++) {
            float factor = d * KScales.scale(s, at + 4, block);
            float minimum = dmin * KScales.minimum(s, at + 4, block);
            int shift = 4 * (block % 2);
            long quants = at + 16 + 32L * (block / 2);
            for (int j = 0; j < 32; j++) {
                int q = Fields.u8(s, quants + j) >> shift & 15;
                y[to + 32 * block + j] = factor * q - minimum;
            }
        }
    }
}
