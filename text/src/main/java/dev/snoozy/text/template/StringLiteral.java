package dev.snoozy.text.template;

/** String literals, with the escapes of Python. */
final class StringLiteral {
    private StringLiteral() {}

    /** The value of a literal's text between its quotes. */
    static String unescape(String text, int line) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                i++;
            } else {
                i = appendEscape(text, i + 1, out, line);
            }
        }
        return out.toString();
    }

    /** Appends what the escape at an index stands for; the index is after the backslash. */
    private static int appendEscape(String text, int index, StringBuilder out, int line) {
        char c = text.charAt(index);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case 'x' -> {
                return appendHex(text, index + 1, 2, out, line);
            }
            case 'u' -> {
                return appendHex(text, index + 1, 4, out, line);
            }
            case 'U' -> {
                return appendHex(text, index + 1, 8, out, line);
            }
            case 'N' -> {
                return appendNamed(text, index + 1, out, line);
            }
            default -> {
                return c >= '0' && c <= '7'
                        ? appendOctal(text, index, out)
                        : appendUnknown(text, index, out);
            }
        }
        return index + 1;
    }

    private static int appendOctal(String text, int index, StringBuilder out) {
        int value = 0;
        int i = index;
        while (i < text.length() && i < index + 3 && Character.digit(text.charAt(i), 8) >= 0) {
            value = value * 8 + Character.digit(text.charAt(i), 8);
            i++;
        }
        out.append((char) value);
        return i;
    }

    private static int appendHex(String text, int index, int digits, StringBuilder out, int line) {
        int value = 0;
        for (int i = index; i < index + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0 || text.charAt(i) >= 128 || value > Character.MAX_CODE_POINT >> 4) {
                throw TemplateException.syntax(
                        "an escape needs %d hexadecimal digits of a character".formatted(digits),
                        line);
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw TemplateException.syntax("illegal Unicode character", line);
        }
        out.appendCodePoint(value);
        return index + digits;
    }

    private static int appendNamed(String text, int index, StringBuilder out, int line) {
        int end = text.indexOf('}', index);
        if (index >= text.length() || text.charAt(index) != '{' || end < 0) {
            throw TemplateException.syntax("malformed \\N character escape", line);
        }
        try {
            out.appendCodePoint(Character.codePointOf(text.substring(index + 1, end)));
        } catch (IllegalArgumentException e) {
            throw TemplateException.syntax("unknown Unicode character name", line);
        }
        return end + 1;
    }

    /** A backslash before any other character stays; Jinja writes out what is not ASCII. */
    private static int appendUnknown(String text, int index, StringBuilder out) {
        int c = text.codePointAt(index);
        out.append('\\');
        if (c < 128) {
            out.append((char) c);
        } else {
            out.append(
                    c < 256
                            ? "x%02x".formatted(c)
                            : c < 65536 ? "u%04x".formatted(c) : "U%08x".formatted(c));
        }
        return index + Character.charCount(c);
    }
}
