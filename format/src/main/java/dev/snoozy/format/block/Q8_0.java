package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/** 32 elements in 34 bytes: {@code f16 d; i8 qs[32]}; {@code x = q d}. */
final class Q8_0 {
    private Q8_0() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int j = 0; j < 32; j++) {
            y[to + j] = Fields.i8(s, at + 2 + j) * d;
        }
    }
}
