package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 66 bytes: {@code f16 d; u16 qs[32]}. For each 32 elements eight bytes: four
 * indices of entries of eight, then a word with four times seven signs and a scale in the top four
 * bits; {@code x = d (0.5 + sc) / 4 * entry}.
 */
final class IQ2_XXS {
    private static final Codebook CODEBOOK = Codebook.of("IQ2_XXS");

    private IQ2_XXS() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int block = 0; block < 8; block++) {
            long part = at + 2 + 8L * block;
            int word = Fields.u32(s, part + 4);
            float scale = d * (0.5f + (word >>> 28)) * 0.25f;
            for (int l = 0; l < 4; l++) {
                int signs = Codebook.signs(word >>> 7 * l & 127);
                CODEBOOK.write(Fields.u8(s, part + l), scale, signs, y, to + 32 * block + 8 * l);
            }
        }
    }
}
