package dev.snoozy.text.tokenizer;

import dev.snoozy.text.TextException;

/**
 * SentencePiece's precompiled map from strings to their normal forms: a double array, compressed by
 * exclusive or (Kanda 2018), and the replacements behind it, each ended by a zero byte.
 *
 * <p>The first four bytes are the size of the array in bytes, little-endian. A unit has its label
 * in bits 0 to 7, whether a value hangs below in bit 8, and its offset in bits 10 to 30, times 256
 * if bit 9 is set. A value unit has bit 31 set and holds the place of a replacement.
 */
final class Charsmap {
    private static final String KEY = VocabularyReader.PREFIX + "precompiled_charsmap";

    /** The longest replacement in bytes; Unicode's own normal forms have up to 54. */
    private static final int LONGEST = 1024;

    private final int[] units;
    private final byte[] replacements;

    /**
     * @param map one byte in each element; empty for no map
     */
    Charsmap(int[] map) {
        if (map.length == 0) {
            units = new int[0];
            replacements = new byte[0];
            return;
        }
        long size = map.length < 4 ? -1 : Integer.toUnsignedLong(int32(map, 0));
        if (size < 4 || size + 4 >= map.length) {
            throw new TextException(
                    KEY
                            + ": found an array of "
                            + size
                            + " bytes in "
                            + map.length
                            + " bytes, expected a whole double array and replacements behind it");
        }
        units = new int[(int) (size / 4)];
        for (int i = 0; i < units.length; i++) {
            units[i] = int32(map, 4 + 4 * i);
        }
        int start = 4 + (int) size;
        replacements = new byte[map.length - start];
        for (int i = 0; i < replacements.length; i++) {
            replacements[i] = (byte) map[start + i];
        }
        if (replacements[replacements.length - 1] != 0) {
            throw new TextException(KEY + ": the last replacement has no end");
        }
        requireShort();
    }

    /** Each character of a text may become a replacement, so a long one would take the memory. */
    private void requireShort() {
        int begin = 0;
        for (int i = 0; i < replacements.length; i++) {
            if (replacements[i] == 0) {
                begin = i + 1;
            } else if (i - begin >= LONGEST) {
                throw new TextException(
                        KEY
                                + ": found a replacement of more than "
                                + LONGEST
                                + " bytes; convert the model again");
            }
        }
    }

    private static int int32(int[] map, int at) {
        return map[at] & 0xFF
                | (map[at + 1] & 0xFF) << 8
                | (map[at + 2] & 0xFF) << 16
                | (map[at + 3] & 0xFF) << 24;
    }

    /**
     * Finds the longest string that starts here and has a normal form.
     *
     * @return its length in the upper half and the place of the replacement in the lower, or 0
     */
    long find(byte[] text, int at) {
        long found = 0;
        if (units.length == 0) {
            return found;
        }
        int node = offset(units[0]);
        for (int i = at; i < text.length && text[i] != 0; i++) {
            int letter = text[i] & 0xFF;
            node ^= letter;
            int unit = unit(node);
            if ((unit & (1 << 31 | 0xFF)) != letter) {
                break;
            }
            node ^= offset(unit);
            if ((unit >>> 8 & 1) != 0) {
                int value = unit(node) & Integer.MAX_VALUE;
                if (value >= replacements.length) {
                    throw broken();
                }
                found = (long) (i + 1 - at) << 32 | value;
            }
        }
        return found;
    }

    /** The byte at a place in the replacements; 0 ends one. */
    byte replacement(int at) {
        return replacements[at];
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private int unit(int node) {
        if (node < 0 || node >= units.length) {
            throw broken();
        }
        return units[node];
    }

    private static TextException broken() {
        return new TextException(KEY + ": points outside itself; convert the model again");
    }
}
