package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements in 56 bytes: {@code u8 qs[32]; u8 qh[16]; u8 scales[8]}. As {@link IQ1_S}, with the
 * high bits and the sign of the shift in a nibble of qh for each eight elements, and a scale of
 * three bits for each 16, four of them in a short; the top nibbles of the four shorts are d in half
 * precision.
 */
final class IQ1_M {
    private IQ1_M() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        int bits = 0;
        for (int i = 0; i < 4; i++) {
            bits |= Fields.u16(s, at + 48 + 2L * i) >> 12 << 4 * i;
        }
        float d = Float.float16ToFloat((short) bits);
        for (int i = 0; i < 32; i++) {
            int scales = Fields.u16(s, at + 48 + 2L * (i / 8));
            float scale = d * (2 * (scales >> 3 * (i / 2 % 4) & 7) + 1);
            int nibble = Fields.u8(s, at + 32 + i / 2) >> 4 * (i % 2) & 15;
            int index = Fields.u8(s, at + i) | (nibble & 7) << 8;
            IQ1_S.write(index, scale, nibble > 7, y, to + 8 * i);
        }
    }
}
