package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 22 bytes: {@code f16 d; u32 qh; u8 qs[16]}. Four bits each as in {@link Q4_0}, the
 * fifth of element j is bit j of qh; {@code x = (q - 16) d}.
 */
final class Q5_0 {
    private Q5_0() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        int qh = Fields.u32(s, at + 2);
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + 6 + j);
            int low = q & 15 | (qh >>> j & 1) << 4;
            int high = q >> 4 | (qh >>> j + 16 & 1) << 4;
            y[to + j] = (low - 16) * d;
            y[to + j + 16] = (high - 16) * d;
        }
    }
}
