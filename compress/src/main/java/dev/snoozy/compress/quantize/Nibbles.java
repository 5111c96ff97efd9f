package dev.snoozy.compress.quantize;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Puts the codes of a block of 32 where the 32-element types keep them. */
final class Nibbles {
    private static final int HALF = 16;

    /** Eight bytes at once. */
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW = 0x0f0f0f0f0f0f0f0fL;

    private Nibbles() {}

    /** Four bits each: element j in the low half of byte j, element j + 16 in the high half. */
    static void low(byte[] codes, int from, byte[] out, int at) {
        for (int j = 0; j < HALF; j += Long.BYTES) {
            long low = (long) EIGHT.get(codes, from + j) & LOW;
            long high = (long) EIGHT.get(codes, from + HALF + j) & LOW;
            EIGHT.set(out, at + j, low | high << 4);
        }
    }

    /** The fifth bits: bit j is that of element j. */
    static void fifth(byte[] codes, int from, byte[] out, int at) {
        int bits = 0;
        for (int j = 0; j < 2 * HALF; j++) {
            bits |= (codes[from + j] >> 4 & 1) << j;
        }
        Numbers.intAt(bits, out, at);
    }
}
