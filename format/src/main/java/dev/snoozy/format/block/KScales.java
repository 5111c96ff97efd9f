package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * The eight scales and eight minima of six bits that {@link Q4_K} and {@link Q5_K} keep in twelve
 * bytes: the first four of each in bytes 0 to 7, of the others four low bits in bytes 8 to 11 and
 * two high bits on top of bytes 0 to 7.
 */
final class KScales {
    private KScales() {}

    static int scale(MemorySegment s, long at, int j) {
        return j < 4
                ? Fields.u8(s, at + j) & 63
                : Fields.u8(s, at + j + 4) & 15 | Fields.u8(s, at + j - 4) >> 6 << 4;
    }

    static int minimum(MemorySegment s, long at, int j) {
        return j < 4
                ? Fields.u8(s, at + j + 4) & 63
                : Fields.u8(s, at + j + 4) >> 4 | Fields.u8(s, at + j) >> 6 << 4;
    }
}
