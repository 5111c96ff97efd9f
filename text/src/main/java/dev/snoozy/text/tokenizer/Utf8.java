package dev.snoozy.text.tokenizer;

/** Steps through well-formed UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes the character has that starts with this byte. */
    static int length(byte first) {
        if (first >= 0) {
            return 1;
        }
        int b = first & 0xFF;
        return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }

    /** The character that starts here. */
    static int codePoint(byte[] text, int at) {
        int first = text[at];
        if (first >= 0) {
            return first;
        }
        int second = text[at + 1] & 0x3F;
        return switch (length(text[at])) {
            case 2 -> (first & 0x1F) << 6 | second;
            case 3 -> (first & 0x0F) << 12 | second << 6 | text[at + 2] & 0x3F;
            default ->
                    (first & 0x07) << 18
                            | second << 12
                            | (text[at + 2] & 0x3F) << 6
                            | text[at + 3] & 0x3F;
        };
    }
}
