package dev.snoozy.format.block;

import java.lang.foreign.MemorySegment;

/**
 * 256 elements of -1, 0 and 1 in 54 bytes: {@code u8 qs[48]; u8 qh[4]; f16 d}. A byte holds five
 * digits to the base 3 as a fraction of 256, rounded up: digit n is the integer part of three times
 * the byte after n multiplications by 3 modulo 256. The first 32 bytes hold five runs of 32
 * elements, the next 16 five runs of 16, and qh four runs of 4.
 */
final class TQ1_0 {
    private static final int[] POWERS = {1, 3, 9, 27, 81};

    private TQ1_0() {}

    static void decode(MemorySegment s, long at, float[] y, int to) {
        float d = Fields.f16(s, at + 52);
        int next = runs(s, at, 32, 5, d, y, to);
        next = runs(s, at + 32, 16, 5, d, y, next);
        runs(s, at + 48, 4, 4, d, y, next);
    }

    private static int runs(
            MemorySegment s, long at, int bytes, int runs, float d, float[] y, int to) {
        int next = to;
        for (int run = 0; run < runs; run++) {
            for (int j = 0; j < bytes; j++) {
                int q = Fields.u8(s, at + j) * POWERS[run] & 0xff;
                y[next++] = ((q * 3 >> 8) - 1) * d;
            }
        }
        return next;
    }
}
