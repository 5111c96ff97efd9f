package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/**
 * A text as code points and their Unicode categories: what pre-tokenizers look at. Used by one
 * thread at a time.
 */
final class Text {
    /** Kinds of characters. A code point may have several. */
    static final int LETTER = 1;

    static final int NUMBER = 2;

    /** White space (the White_Space property), not only the separator categories. */
    static final int SPACE = 4;

    static final int PUNCTUATION = 8;
    static final int SYMBOL = 16;
    static final int MARK = 32;

    /** What may stand in the upper-case start of a word: Lu, Lt, Lm, Lo, M. */
    static final int UPPER = 64;

    /** What may stand in the lower-case rest of a word: Ll, Lm, Lo, M. */
    static final int LOWER = 128;

    private static final byte[] BASIC_PLANE = new byte[0x10000];

    static {
        for (int c = 0; c < BASIC_PLANE.length; c++) {
            BASIC_PLANE[c] = (byte) classify(c);
        }
    }

    private final byte[] utf8;
    private int[] points;
    private byte[] kinds;
    private int length;

    /**
     * @param utf8 well-formed UTF-8
     */
    Text(byte[] utf8) {
        this.utf8 = utf8;
        points = new int[utf8.length];
        kinds = new byte[utf8.length];
        for (int at = 0; at < utf8.length; at += Utf8.length(utf8[at])) {
            int point = Utf8.codePoint(utf8, at);
            points[length] = point;
            kinds[length++] = (byte) kind(point);
        }
        if (length < utf8.length / 2) {
            points = Arrays.copyOf(points, length);
            kinds = Arrays.copyOf(kinds, length);
        }
    }

    /** Number of code points. */
    int length() {
        return length;
    }

    byte[] utf8() {
        return utf8;
    }

    int point(int at) {
        return points[at];
    }

    /** Whether a code point is of one of these kinds. */
    boolean is(int at, int kind) {
        return (kinds[at] & kind) != 0;
    }

    /** Whether a code point is carriage return or line feed. */
    boolean isLineEnd(int at) {
        return points[at] == '\n' || points[at] == '\r';
    }

    /** Where the code points of these kinds end that start here. */
    int run(int at, int to, int kind) {
        int end = at;
        while (end < to && (kinds[end] & kind) != 0) {
            end++;
        }
        return end;
    }

    /** Where the code points of none of these kinds end that start here. */
    int runWithout(int at, int to, int kind) {
        int end = at;
        while (end < to && (kinds[end] & kind) == 0) {
            end++;
        }
        return end;
    }

    /** Number of bytes of some code points. */
    int bytes(int from, int to) {
        if (length == utf8.length) {
            return to - from;
        }
        int bytes = 0;
        for (int i = from; i < to; i++) {
            int point = points[i];
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        }
        return bytes;
    }

    /** The kinds of a code point. */
    static int kind(int point) {
        return point < BASIC_PLANE.length ? BASIC_PLANE[point] & 0xFF : classify(point);
    }

    private static int classify(int point) {
        if (isSpace(point)) {
            return SPACE;
        }
        return switch (Character.getType(point)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    MARK | UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    NUMBER;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    PUNCTUATION;
            case Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL ->
                    SYMBOL;
            default -> 0;
        };
    }

    private static boolean isSpace(int point) {
        return switch (point) {
            case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029 -> true;
            case 0x202F, 0x205F, 0x3000 -> true;
            default -> point >= 0x2000 && point <= 0x200A;
        };
    }
}
