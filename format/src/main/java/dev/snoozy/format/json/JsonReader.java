package dev.snoozy.format.json;

import dev.snoozy.format.FormatException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a JSON text (RFC 8259) from front to back, one value at a time, without building a tree, so
 * that the caller can refuse what it does not expect before it takes room.
 *
 * <p>Strict where the RFC leaves a choice: a name stands once in an object, text is well-formed
 * UTF-8 and UTF-16, integers are exact, nothing but white space follows the value. Everything that
 * is refused is a {@link FormatException} with the place.
 */
public final class JsonReader {
    /** Arrays and objects inside each other; the formats need five. */
    static final int DEEPEST = 64;

    private final String what;
    private final byte[] text;
    private int at;
    private int depth;

    /**
     * A reader of a whole text.
     *
     * @param what stands in front of messages
     */
    public JsonReader(String what, byte[] text) {
        this.what = what;
        this.text = text;
    }

    /** Reads the value of a member. */
    @FunctionalInterface
    public interface Member {
        /** Called with the place just before the value, which must be read or skipped. */
        void read(String name);
    }

    /** Reads an object. Names that occur twice are refused. */
    public void object(Member member) {
        enter('{', "an object");
        Set<String> names = new HashSet<>();
        if (!take('}')) {
            do {
                int place = place();
                String name = string();
                if (!names.add(name)) {
                    throw wrong(
                            place, "the name " + quoted(name) + " a second time", "it only once");
                }
                expect(':');
                member.read(name);
            } while (take(','));
            expect('}');
        }
        depth--;
    }

    /** Reads an array; {@code element} must read or skip one element each time it is called. */
    public void array(Runnable element) {
        enter('[', "an array");
        if (!take(']')) {
            do {
                element.run();
            } while (take(','));
            expect(']');
        }
        depth--;
    }

    /** Reads a string. */
    public String string() {
        int place = place();
        if (!take('"')) {
            throw wrong(place, found(), "a string");
        }
        StringBuilder value = new StringBuilder();
        int start = at;
        while (true) {
            if (at == text.length) {
                throw wrong(place, "a string without end", "a quotation mark at its end");
            }
            int b = text[at];
            if (b >= 0 && b < 0x20) {
                throw wrong(at, found(), "control characters in strings to be escaped");
            }
            if (b == '"' || b == '\\') {
                value.append(utf8(start, at));
                at++;
                if (b == '"') {
                    return value.toString();
                }
                escape(value);
                start = at;
            } else {
                at++;
            }
        }
    }

    /** Reads a number without fraction and exponent that fits 64 bits. */
    public long integer() {
        int place = place();
        String number = number("an integer");
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw wrong(place, shortened(number), "an integer of 64 bits");
        }
    }

    /**
     * Reads any value: a {@code Map<String, Object>} in the order of its members, a {@code
     * List<Object>}, a {@link String}, a {@link Long} or, where that does not hold it, a {@link
     * Double}, a {@link Boolean}, or null.
     */
    public @Nullable Object value() {
        int place = place();
        int first = place < text.length ? text[place] : -1;
        switch (first) {
            case '{':
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                object(name -> members.put(name, value()));
                return members;
            case '[':
                List<@Nullable Object> elements = new ArrayList<>();
                array(() -> elements.add(value()));
                return elements;
            case '"':
                return string();
            case 't':
                literal("true");
                return true;
            case 'f':
                literal("false");
                return false;
            case 'n':
                literal("null");
                return null;
            default:
                return parsed(number("a value"));
        }
    }

    private static Object parsed(String number) {
        try {
            return Long.valueOf(number);
        } catch (NumberFormatException e) {
            return Double.valueOf(number);
        }
    }

    /** Reads any value and drops it; what is dropped is well-formed, too. */
    public void skip() {
        int place = place();
        int first = place < text.length ? text[place] : -1;
        switch (first) {
            case '{' -> object(name -> skip());
            case '[' -> array(this::skip);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number("a value");
        }
    }

    /** Refuses anything but white space after the value. */
    public void end() {
        int place = place();
        if (place < text.length) {
            throw wrong(place, found(), "the end of the JSON text");
        }
    }

    /** Place of the next value, for {@link #wrong}. */
    public int place() {
        while (at < text.length
                && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** What to throw if the value at {@code place} is not as expected. */
    public FormatException wrong(int place, String found, String expected) {
        return new FormatException(
                "%s, byte %d of the JSON: found %s, expected %s"
                        .formatted(what, place, found, expected));
    }

    private void enter(char bracket, String expected) {
        int place = place();
        if (!take(bracket)) {
            throw wrong(place, found(), expected);
        }
        if (++depth > DEEPEST) {
            throw wrong(
                    place, "more than " + DEEPEST + " arrays and objects in each other", "fewer");
        }
    }

    private boolean take(char c) {
        int place = place();
        if (place < text.length && text[place] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        int place = place();
        if (!take(c)) {
            throw wrong(place, found(), "'" + c + "'");
        }
    }

    private void literal(String word) {
        int place = place();
        for (int i = 0; i < word.length(); i++) {
            if (at == text.length || text[at] != word.charAt(i)) {
                throw wrong(place, found(), word);
            }
            at++;
        }
    }

    private String number(String expected) {
        int place = place();
        int start = at;
        step('-', '-');
        boolean zero = step('0', '0');
        boolean valid = zero || digits();
        if (step('.', '.')) {
            valid &= digits();
        }
        if (step('e', 'E')) {
            step('+', '-');
            valid &= digits();
        }
        if (!valid || at < text.length && text[at] >= '0' && text[at] <= '9') {
            at = start;
            throw wrong(place, found(), expected);
        }
        return new String(text, start, at - start, StandardCharsets.US_ASCII);
    }

    private boolean digits() {
        int start = at;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at > start;
    }

    /** Steps over one of two characters, if it is next. */
    private boolean step(char one, char other) {
        boolean is = at < text.length && (text[at] == one || text[at] == other);
        if (is) {
            at++;
        }
        return is;
    }

    /** Reads what follows a backslash. */
    private void escape(StringBuilder value) {
        int place = at - 1;
        int c = at < text.length ? text[at++] : -1;
        switch (c) {
            case '"', '\\', '/' -> value.append((char) c);
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'u' -> unit(place, value);
            default ->
                    throw wrong(
                            place,
                            "an unknown escape",
                            "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
        }
    }

    /** Reads a UTF-16 unit, and the second of a pair if it is the first of one. */
    private void unit(int place, StringBuilder value) {
        char unit = hex();
        value.append(unit);
        if (!Character.isSurrogate(unit)) {
            return;
        }
        boolean pair =
                Character.isHighSurrogate(unit)
                        && at + 2 <= text.length
                        && text[at] == '\\'
                        && text[at + 1] == 'u';
        if (pair) {
            at += 2;
            unit = hex();
            value.append(unit);
        }
        if (!pair || !Character.isLowSurrogate(unit)) {
            throw wrong(place, "one half of a surrogate pair", "both");
        }
    }

    private char hex() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            // Character.digit alone would take digits of other scripts.
            int digit = at < text.length && text[at] > 0 ? Character.digit(text[at], 16) : -1;
            if (digit < 0) {
                throw wrong(at, found(), "four hexadecimal digits after \\u");
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    private CharSequence utf8(int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text, start, end - start));
        } catch (CharacterCodingException e) {
            throw wrong(start, "bytes that are no UTF-8", "a string in UTF-8");
        }
    }

    /** Says what lies at the current place. */
    private String found() {
        if (at >= text.length) {
            return "the end";
        }
        int b = text[at] & 0xff;
        return b > 0x20 && b < 0x7f ? "'" + (char) b + "'" : "the byte 0x%02x".formatted(b);
    }

    private static String quoted(String name) {
        return '"' + shortened(name) + '"';
    }

    /** A text of a hostile file must not fill the screen. */
    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
