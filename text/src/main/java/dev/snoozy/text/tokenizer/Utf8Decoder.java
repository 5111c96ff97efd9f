package dev.snoozy.text.tokenizer;

/**
 * Turns bytes into text as they come. Each byte that is not part of a whole character becomes
 * U+FFFD. Used by one thread at a time.
 */
final class Utf8Decoder {
    private static final char REPLACEMENT = '\uFFFD';

    /** The bytes of an unfinished character, lowest byte last. */
    private int pending;

    private int pendingBytes;

    /** The text that these bytes complete. */
    String next(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            next(b & 0xFF, text);
        }
        return text.toString();
    }

    /** What is left: each byte of an unfinished character as U+FFFD. */
    String finish() {
        StringBuilder text = new StringBuilder(3);
        give(text);
        return text.toString();
    }

    /** The text of bytes that are all there is. */
    String text(byte[] bytes) {
        return next(bytes) + finish();
    }

    private void next(int b, StringBuilder text) {
        if (pendingBytes > 0 && continues(b)) {
            pending = pending << 8 | b;
            pendingBytes++;
            if (pendingBytes == length(first())) {
                text.appendCodePoint(codePoint());
                pendingBytes = 0;
            }
            return;
        }
        give(text);
        if (b < 0x80) {
            text.append((char) b);
        } else if (length(b) > 1) {
            pending = b;
            pendingBytes = 1;
        } else {
            text.append(REPLACEMENT);
        }
    }

    private void give(StringBuilder text) {
        for (; pendingBytes > 0; pendingBytes--) {
            text.append(REPLACEMENT);
        }
    }

    /** Whether a byte goes on where the pending ones stop (Unicode standard, table 3-7). */
    private boolean continues(int b) {
        if (pendingBytes > 1) {
            return b >= 0x80 && b <= 0xBF;
        }
        return switch (pending) {
            case 0xE0 -> b >= 0xA0 && b <= 0xBF;
            case 0xED -> b >= 0x80 && b <= 0x9F;
            case 0xF0 -> b >= 0x90 && b <= 0xBF;
            case 0xF4 -> b >= 0x80 && b <= 0x8F;
            default -> b >= 0x80 && b <= 0xBF;
        };
    }

    private int first() {
        return pending >>> 8 * (pendingBytes - 1) & 0xFF;
    }

    private int codePoint() {
        int low = pending & 0x3F | pending >> 2 & 0xFC0;
        return switch (pendingBytes) {
            case 2 -> low & 0x7FF;
            case 3 -> low | pending >> 4 & 0xF000;
            default -> low | pending >> 4 & 0x3F000 | pending >> 6 & 0x1C0000;
        };
    }

    /** How many bytes a character has that starts with this byte; 0 if none does. */
    private static int length(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 3;
        }
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }
}
