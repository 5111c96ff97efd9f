package dev.snoozy.testkit.json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON texts slowly and strictly, to judge faster code by. Objects become maps in their
 * order, where the last of several members of a name counts; numbers become {@link BigDecimal}.
 */
public final class JsonJudge {
    private final String text;
    private int at;

    private JsonJudge(String text) {
        this.text = text;
    }

    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException if it is no JSON text
     */
    public static @Nullable Object parse(String text) {
        JsonJudge judge = new JsonJudge(text);
        Object value = judge.value();
        judge.space();
        if (judge.at < text.length()) {
            throw judge.wrong();
        }
        return value;
    }

    /** A value as a text without white space. */
    public static String write(@Nullable Object value) {
        return write(value, ",", ":");
    }

    /** A value as a text, with these texts between elements, and between names and values. */
    public static String write(@Nullable Object value, String comma, String colon) {
        if (value instanceof String string) {
            return quoted(string);
        }
        if (value instanceof List<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(element -> parts.add(write(element, comma, colon)));
            return "[" + String.join(comma, parts) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> parts = new ArrayList<>();
            map.forEach((name, member) ->
                    parts.add(quoted(name.toString()) + colon + write(member, comma, colon)));
            return "{" + String.join(comma, parts) + "}";
        }
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }

    private static String quoted(String string) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : string.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private @Nullable Object value() {
        space();
        char c = peek();
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return members;
        }
        do {
            space();
            String name = string();
            space();
            take(':');
            members.put(name, value());
            space();
        } while (takes(','));
        take('}');
        return members;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> elements = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return elements;
        }
        do {
            elements.add(value());
            space();
        } while (takes(','));
        take(']');
        return elements;
    }

    private String string() {
        take('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw wrong();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        String string = out.toString();
        if (string.codePoints().anyMatch(p -> p >= 0xD800 && p <= 0xDFFF)) {
            throw wrong();
        }
        return string;
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                String hex = text.substring(at, Math.min(text.length(), at + 4));
                if (!hex.matches("[0-9a-fA-F]{4}")) {
                    throw wrong();
                }
                at += 4;
                yield (char) Integer.parseInt(hex, 16);
            }
            default -> throw wrong();
        };
    }

    private BigDecimal number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw wrong();
        }
        return new BigDecimal(number);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong();
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private boolean takes(char c) {
        boolean is = peek() == c;
        at += is ? 1 : 0;
        return is;
    }

    private void take(char c) {
        if (!takes(c)) {
            throw wrong();
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no JSON at character " + at + " of: " + text);
    }
}
