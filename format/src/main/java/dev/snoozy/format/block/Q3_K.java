package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 110 bytes: {@code u8 hmask[32]; u8 qs[64]; u8 scales[12]; f16 d}. Two low bits as
 * in {@link Q2_K}; the high bit of run r of 32 elements is bit r of hmask, and a clear one means
 * minus 4. Sixteen scales of six bits: low four bits in the nibbles of bytes 0 to 7, high two in
 * bytes 8 to 11; {@code x = d (sc - 32) (q - (high ? 0 : 4))}.
 */
final class Q3_K {
    private Q3_K() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at + 108);
        for (int block = 0; block < 16; block++) {
            float factor = d * (scale(s, at + 96, block) - 32);
            int run = block / 2;
            int shift = 2 * (run % 4);
            long quants = at + 32 + 32L * (block / 8) + 16L * (block % 2);
            long mask = at + 16L * (block % 2);
            for (int j = 0; j < 16; j++) {
                int q = Fields.u8(s, quants + j) >> shift & 3;
                int high = Fields.u8(s, mask + j) >> run & 1;
                y[to + 16 * block + j] = factor * (q - (high == 1 ? 0 : 4));
            }
        }
    }

    private static int scale(MemorySegment s, long at, int k) {
        int low = k < 8 ? Fields.u8(s, at + k) & 15 : Fields.u8(s, at + k - 8) >> 4;
        int high = Fields.u8(s, at + 8 + k % 4) >> 2 * (k / 4) & 3;
        return low | high << 4;
    }
}
