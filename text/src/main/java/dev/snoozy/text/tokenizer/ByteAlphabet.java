package dev.snoozy.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The alphabet of byte-level BPE: one printable character per byte. Printable Latin-1 stands for
 * itself; the other bytes, in order, are the characters from U+0100 on (GPT-2).
 */
final class ByteAlphabet {
    private static final int LAST = 0x143;

    private static final short[] TO_BYTE = new short[LAST + 1];

    static {
        Arrays.fill(TO_BYTE, (short) -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = b > ' ' && b < 0x7F || b > 0xA0 && b != 0xAD;
            TO_BYTE[printable ? b : next++] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** The byte that a character stands for, or -1. */
    static int toByte(char c) {
        return c <= LAST ? TO_BYTE[c] : -1;
    }

    /**
     * Writes the bytes of a part of a text into a buffer that has room for one per character.
     *
     * @param at where the first byte goes
     * @return their number, or -1 if a character is not of this alphabet
     */
    static int encode(String text, int from, int to, byte[] bytes, int at) {
        for (int i = from; i < to; i++) {
            int b = toByte(text.charAt(i));
            if (b < 0) {
                return -1;
            }
            bytes[at + i - from] = (byte) b;
        }
        return to - from;
    }

    /** The bytes of a text; as UTF-8 if it is not of this alphabet. */
    static byte[] decode(String text) {
        byte[] bytes = new byte[text.length()];
        return encode(text, 0, text.length(), bytes, 0) < 0
                ? text.getBytes(StandardCharsets.UTF_8)
                : bytes;
    }
}
