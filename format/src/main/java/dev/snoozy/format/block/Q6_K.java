package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 210 bytes: {@code u8 ql[128]; u8 qh[64]; i8 scales[16]; f16 d}. Each half of 128
 * elements has 64 bytes of ql and 32 of qh: run r of 32 elements takes four bits of ql[32 (r % 2) +
 * l], low ones for runs 0 and 1, and bits 2r, 2r + 1 of qh[l]; a scale for each 16; {@code x = d sc
 * (q - 32)}.
 */
final class Q6_K {
    private Q6_K() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at + 208);
        for (int block = 0; block < 16; block++) {
            float factor = d * Fields.i8(s, at + 192 + block);
            int half = block / 8;
            int run = block % 8 / 2;
            int part = 16 * (block % 2);
            long low = at + 64L * half + 32L * (run % 2) + part;
            long high = at + 128 + 32L * half + part;
            for (int j = 0; j < 16; j++) {
                int q = Fields.u8(s, low + j) >> 4 * (run / 2) & 15;
                q |= (Fields.u8(s, high + j) >> 2 * run & 3) << 4;
                y[to + 16 * block + j] = factor * (q - 32);
            }
        }
    }
}
