package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 50 bytes: {@code f16 d; u8 qs[32]; u16 qh[8]}. Indices of eleven bits of entries
 * of eight, each -1, 0 or 1; for each 32 elements a short with four times three high bits, a scale
 * of three bits and the sign of a shift by 1/8; {@code x = d (2 sc + 1) (entry ± 1/8)}.
 */
final class IQ1_S {
    private static final Codebook CODEBOOK = Codebook.of("IQ1_S");

    private static final float SHIFT = 0.125f;

    private IQ1_S() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int block = 0; block < 8; block++) {
            int word = Fields.u16(s, at + 34 + 2L * block);
            float scale = d * (2 * (word >> 12 & 7) + 1);
            for (int l = 0; l < 4; l++) {
                int index = Fields.u8(s, at + 2 + 4L * block + l) | (word >> 3 * l & 7) << 8;
                write(index, scale, (word & 0x8000) != 0, y, to + 32 * block + 8 * l);
            }
        }
    }

    /** An entry of eight, shifted and scaled. */
    static void write(int index, float scale, boolean down, float[] y, int to) {
        float shift = down ? -SHIFT : SHIFT;
        for (int j = 0; j < 8; j++) {
            y[to + j] = scale * (CODEBOOK.values()[8 * index + j] + shift);
        }
    }
}
