package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 24 bytes: {@code f16 d, m; u32 qh; u8 qs[16]}. Five bits each as in {@link Q5_0};
 * {@code x = q d + m}.
 */
final class Q5_1 {
    private Q5_1() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        float m = Fields.f16(s, at + 2);
        int qh = Fields.u32(s, at + 4);
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + 8 + j);
            int low = q & 15 | (qh >>> j & 1) << 4;
            int high = q >> 4 | (qh >>> j + 16 & 1) << 4;
            y[to + j] = low * d + m;
            y[to + j + 16] = high * d + m;
        }
    }
}
