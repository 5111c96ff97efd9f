package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 82 bytes: {@code f16 d; u8 qs[32]; u8 signs[32]; u8 qh[8]; u8 scales[8]}. Indices
 * of ten bits of entries of eight, the two high ones in qh; eight signs each; scales as in {@link
 * IQ2_XS}.
 */
final class IQ2_S {
    private static final Codebook CODEBOOK = Codebook.of("IQ2_S");

    private IQ2_S() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int i = 0; i < 32; i++) {
            int nibble = Fields.u8(s, at + 74 + i / 4) >> 4 * (i / 2 % 2) & 15;
            float scale = d * (0.5f + nibble) * 0.25f;
            int high = Fields.u8(s, at + 66 + i / 4) >> 2 * (i % 4) & 3;
            int index = Fields.u8(s, at + 2 + i) | high << 8;
            CODEBOOK.write(index, scale, Fields.u8(s, at + 34 + i), y, to + 8 * i);
        }
    }
}
