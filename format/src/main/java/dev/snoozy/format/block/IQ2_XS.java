package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 74 bytes: {@code f16 d; u16 qs[32]; u8 scales[8]}. Each short holds a nine-bit
 * index of an entry of eight and seven signs; a scale of four bits for each 16 elements; {@code x =
 * d (0.5 + sc) / 4 * entry}.
 */
final class IQ2_XS {
    private static final Codebook CODEBOOK = Codebook.of("IQ2_XS");

    private IQ2_XS() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int i = 0; i < 32; i++) {
            int nibble = Fields.u8(s, at + 66 + i / 4) >> 4 * (i / 2 % 2) & 15;
            float scale = d * (0.5f + nibble) * 0.25f;
            int q = Fields.u16(s, at + 2 + 2L * i);
            CODEBOOK.write(q & 511, scale, Codebook.signs(q >> 9), y, to + 8 * i);
        }
    }
}
