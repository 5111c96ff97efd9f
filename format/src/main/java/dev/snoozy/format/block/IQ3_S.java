package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 110 bytes: {@code f16 d; u8 qs[64]; u8 qh[8]; u8 signs[32]; u8 scales[4]}.
 * Indices of nine bits of entries of four, the high one in qh; a sign bit each; a scale of four
 * bits for each 32 elements; {@code x = d (1 + 2 sc) * entry}.
 */
final class IQ3_S {
    private static final Codebook CODEBOOK = Codebook.of("IQ3_S");

    private IQ3_S() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int block = 0; block < 8; block++) {
            int nibble = Fields.u8(s, at + 106 + block / 2) >> 4 * (block % 2) & 15;
            float scale = d * (1 + 2 * nibble);
            int high = Fields.u8(s, at + 66 + block);
            for (int l = 0; l < 8; l++) {
                int index = Fields.u8(s, at + 2 + 8L * block + l) | (high >> l & 1) << 8;
                int signs = Fields.u8(s, at + 74 + 4L * block + l / 2) >> 4 * (l % 2);
                CODEBOOK.write(index, scale, signs, y, to + 32 * block + 4 * l);
            }
        }
    }
}
