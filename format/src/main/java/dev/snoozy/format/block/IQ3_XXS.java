package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 98 bytes: {@code f16 d; u8 qs[64]; u32 words[8]}. Indices of entries of four; for
 * each 32 elements a word with four times seven signs and a scale in the top four bits; {@code x =
 * d (0.5 + sc) / 2 * entry}.
 */
final class IQ3_XXS {
    private static final Codebook CODEBOOK = Codebook.of("IQ3_XXS");

    private IQ3_XXS() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        for (int block = 0; block < 8; block++) {
            int word = Fields.u32(s, at + 66 + 4L * block);
            float scale = d * (0.5f + (word >>> 28)) * 0.5f;
            for (int l = 0; l < 8; l++) {
                int signs = Codebook.signs(word >>> 7 * (l / 2) & 127) >> 4 * (l % 2);
                int index = Fields.u8(s, at + 2 + 8L * block + l);
                CODEBOOK.write(index, scale, signs, y, to + 32 * block + 4 * l);
            }
        }
    }
}
