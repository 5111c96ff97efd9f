package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

/** A source text that is read character by character. Used by one thread. */
final class Source {
    /** What {@link #peek} gives at the end. */
    static final int END = -1;

    private static final int HEX = 16;
    private static final int DECIMAL = 10;

    private final String what;
    private final int[] points;
    private int at;

    /**
     * A source.
     *
     * @param what stands in front of messages
     */
    Source(String what, String text) {
        Limits.checkSource(what, text.length());
        this.what = what;
        points = text.codePoints().toArray();
    }

    int place() {
        return at;
    }

    void moveTo(int place) {
        at = place;
    }

    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return at + ahead < points.length ? points[at + ahead] : END;
    }

    int next() {
        return at < points.length ? points[at++] : END;
    }

    boolean take(int point) {
        if (peek() == point) {
            at++;
            return true;
        }
        return false;
    }

    boolean take(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (peek(i) != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    void expect(char c, String purpose) {
        if (!take(c)) {
            throw wrong(at, found(), "'" + c + "' " + purpose);
        }
    }

    /** The text from a place to here. */
    String since(int place) {
        return new String(points, place, at - place);
    }

    /** A character given by so many hexadecimal digits. */
    int hex(int digits) {
        int start = at;
        int value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * HEX + digit("a hexadecimal digit", HEX);
        }
        return whole(start, value);
    }

    /** A character given by hexadecimal digits up to a closing brace. */
    int hexInBraces() {
        int start = at;
        int value = 0;
        do {
            value = value * HEX + digit("a hexadecimal digit", HEX);
            whole(start, value);
        } while (!take('}'));
        return value;
    }

    private int whole(int place, int value) {
        if (value < 0
                || value > Character.MAX_CODE_POINT
                || value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw wrong(
                    place,
                    "the number %X".formatted(value),
                    "that of a character, which is no half of a surrogate pair");
        }
        return value;
    }

    private int digit(String expected, int base) {
        int point = peek();
        int digit = point < 0x80 && point >= 0 ? Character.digit(point, base) : -1;
        if (digit < 0) {
            throw wrong(at, found(), expected);
        }
        at++;
        return digit;
    }

    boolean isDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    /** A number of repetitions. */
    int count() {
        int start = at;
        long value = digit("a number", DECIMAL);
        while (isDigit()) {
            value = Math.min(value * DECIMAL + digit("a digit", DECIMAL), Integer.MAX_VALUE);
        }
        if (value >= Limits.STATES) {
            throw wrong(start, since(start) + " repetitions", "fewer than " + Limits.STATES);
        }
        return (int) value;
    }

    /** The numbers behind an opening brace: {@code m}, {@code m,} or {@code m,n}. */
    Expression repeated(Expression body, int opened) {
        int least = count();
        int most = least;
        if (take(',')) {
            most = isDigit() ? count() : Expression.UNLIMITED;
        }
        expect('}', "at the end of the number of repetitions");
        if (most < least) {
            throw wrong(
                    opened,
                    "at least " + least + " and at most " + most + " repetitions",
                    "the first number not to be the larger one");
        }
        return new Expression.Repeat(body, least, most);
    }

    /** What to throw. */
    TextException wrong(int place, String found, String expected) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < place && i < points.length; i++) {
            column++;
            if (points[i] == '\n') {
                line++;
                column = 1;
            }
        }
        return new TextException(
                "%s, line %d, column %d: found %s, expected %s"
                        .formatted(what, line, column, found, expected));
    }

    /** Says what lies at the current place. */
    String found() {
        int point = peek();
        if (point == END) {
            return "the end";
        }
        if (point == '\n') {
            return "the end of the line";
        }
        return point < ' ' || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                ? "the character U+%04X".formatted(point)
                : "'" + Character.toString(point) + "'";
    }
}
