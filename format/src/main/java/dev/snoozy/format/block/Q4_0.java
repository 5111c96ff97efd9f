package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 32 elements in 18 bytes: {@code f16 d; u8 qs[16]}. Byte j holds element j in its low and element
 * j + 16 in its high four bits; {@code x = (q - 8) d}.
 */
final class Q4_0 {
    private Q4_0() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int j = 0; j < 16; j++) {
            int q = Fields.u8(s, at + 2 + j);
            y[to + j] = ((q & 15) - 8) * d;
            y[to + j + 16] = ((q >> 4) - 8) * d;
        }
    }
}
