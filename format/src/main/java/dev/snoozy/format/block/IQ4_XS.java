package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 136 bytes: {@code f16 d; u16 scales_h; u8 scales_l[4]; u8 qs[128]}. Eight blocks
 * of 32 with indices as in {@link IQ4_NL}; the scale of block b has its low four bits in nibble b
 * of scales_l and two high bits at 2b of scales_h; {@code x = d (sc - 32) value[q]}.
 */
final class IQ4_XS {
    private IQ4_XS() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at);
        int high = Fields.u16(s, at + 2);
        for (int block = 0; block < 8; block++) {
            int scale = Fields.u8(s, at + 4 + block / 2) >> 4 * (block % 2) & 15;
            scale |= (high >> 2 * block & 3) << 4;
            IQ4_NL.values(s, at + 8 + 16L * block, d * (scale - 32), y, to + 32 * block);
        }
    }
}
