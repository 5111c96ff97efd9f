package dev.snoozy.compress.quantize;

/** Puts the codes of a block of 32 where the 32-element types keep them. */
final class Nibbles {
    private static final int HALF = 16;

    private Nibbles() {}

    /** Four bits each: element j in the low half of byte j, element j + 16 in the high half. */
    static void low(byte[] codes, int from, byte[] out, int at) {
        for (int j = 0; j < HALF; j++) {
            out[at + j] = (byte) (codes[from + j] & 15 | codes[from + HALF + j] << 4);
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
