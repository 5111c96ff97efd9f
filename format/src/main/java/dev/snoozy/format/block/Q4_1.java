package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 20 bytes: {@code f16 d, m; u8 qs[16]}. Four bits each as in {@link Q4_0}; {@code x
 * = q d + m}.
 */
final class Q4_1 {
    private Q4_1() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        float m = Fields.f16(s, at + 2);
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + 4 + j);
            y[to + j] = (q & 15) * d + m;
            y[to + j + 16] = (q >> 4) * d + m;
        }
    }
}
