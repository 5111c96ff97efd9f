package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python literals and calls, turned into JSON. Refuses with null what is neither. */
final class PythonValues {
    private static final int DEEPEST = 64;

    /** What is not Python. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("not a Python literal", null, false, false);
        }
    }

    private final String text;
    private int at;

    private PythonValues(String text) {
        this.text = text;
    }

    /** The JSON of a literal, or null if the text is none. */
    static @Nullable String json(String text) {
        PythonValues reader = new PythonValues(text);
        try {
            String json = reader.value(0);
            reader.space();
            return reader.at == text.length() ? json : null;
        } catch (Refused e) {
            return null;
        }
    }

    /**
     * The calls of a text {@code f(a=1), g("b")}, or nothing if it is something else or one of them
     * is no call of these tools.
     */
    static List<RawCall> calls(String text, Tools tools) {
        PythonValues reader = new PythonValues(text);
        List<RawCall> calls = new ArrayList<>();
        try {
            reader.space();
            while (reader.at < text.length()) {
                calls.add(reader.call(tools));
                reader.space();
                while (reader.take(',') || reader.take(';')) {
                    reader.space();
                }
            }
            return calls;
        } catch (Refused e) {
            return List.of();
        }
    }

    private RawCall call(Tools tools) throws Refused {
        String name = name();
        while (!tools.accepts(name) && name.indexOf('.') > 0) { // brave_search.call(...)
            name = name.substring(0, name.lastIndexOf('.'));
        }
        if (!tools.accepts(name)) {
            throw new Refused();
        }
        space();
        expect('(');
        Map<String, String> arguments = new LinkedHashMap<>();
        space();
        while (!take(')')) {
            int start = at;
            String key = isNameStart() ? name() : "";
            space();
            if (key.isEmpty() || !take('=')) {
                at = start;
                key = tools.types(name).name(arguments.size());
            }
            if (key == null || arguments.put(key, value(0)) != null) {
                throw new Refused();
            }
            space();
            if (!take(',') && peek() != ')') {
                throw new Refused();
            }
            space();
        }
        return new RawCall(null, name, object(arguments));
    }

    /** The text of an object of members. */
    static String object(Map<String, String> members) {
        StringBuilder out = new StringBuilder("{");
        members.forEach((name, value) -> {
            out.append(out.length() > 1 ? ", " : "");
            out.append(JsonText.quote(name)).append(": ").append(value);
        });
        return out.append('}').toString();
    }

    private String value(int depth) throws Refused {
        if (depth > DEEPEST) {
            throw new Refused();
        }
        space();
        char c = peek();
        switch (c) {
            case '{':
                at++;
                return dict(depth);
            case '[', '(':
                at++;
                return list(c == '[' ? ']' : ')', depth);
            case '"', '\'':
                return JsonText.quote(string());
            default:
                return word();
        }
    }

    private String dict(int depth) throws Refused {
        Map<String, String> members = new LinkedHashMap<>();
        space();
        while (!take('}')) {
            String key = peek() == '"' || peek() == '\'' ? string() : word();
            space();
            expect(':');
            members.put(key, value(depth + 1));
            space();
            if (!take(',') && peek() != '}') {
                throw new Refused();
            }
            space();
        }
        return object(members);
    }

    private String list(char close, int depth) throws Refused {
        StringBuilder out = new StringBuilder("[");
        space();
        while (!take(close)) {
            out.append(out.length() > 1 ? ", " : "").append(value(depth + 1));
            space();
            if (!take(',') && peek() != close) {
                throw new Refused();
            }
            space();
        }
        return out.append(']').toString();
    }

    /** A number or one of the words that stand for themselves. */
    private String word() throws Refused {
        int start = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "True", "true" -> "true";
            case "False", "false" -> "false";
            case "None", "null" -> "null";
            default -> {
                if (word.isEmpty() || !JsonText.isValue(word)) {
                    throw new Refused();
                }
                yield word;
            }
        };
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '+' || c == '_';
    }

    private boolean isNameStart() {
        return at < text.length()
                && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_');
    }

    private String name() throws Refused {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_.-".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start || at - start > HeaderReader.LONGEST) {
            throw new Refused();
        }
        return text.substring(start, at);
    }

    /** A string with its escapes; strings that follow each other are one. */
    private String string() throws Refused {
        StringBuilder value = new StringBuilder();
        do {
            quoted(value);
            space();
        } while (at < text.length() && (peek() == '"' || peek() == '\''));
        return value.toString();
    }

    private void quoted(StringBuilder value) throws Refused {
        char quote = peek();
        String triple = String.valueOf(quote).repeat(3);
        String end = text.startsWith(triple, at) ? triple : String.valueOf(quote);
        at += end.length();
        while (!text.startsWith(end, at)) {
            char c = peek();
            at++;
            if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
            }
        }
        at += end.length();
    }

    private void escape(StringBuilder value) throws Refused {
        char c = peek();
        at++;
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case '0' -> value.append('\0');
            case '\\', '\'', '"', '/' -> value.append(c);
            case '\n' -> {}
            case 'x' -> value.appendCodePoint(hex(2));
            case 'u' -> value.appendCodePoint(hex(4));
            case 'U' -> value.appendCodePoint(hex(8));
            default -> value.append('\\').append(c);
        }
    }

    private int hex(int digits) throws Refused {
        if (at + digits > text.length()) {
            throw new Refused();
        }
        try {
            int point = Integer.parseInt(text, at, at + digits, 16);
            at += digits;
            if (!Character.isValidCodePoint(point)) {
                throw new Refused();
            }
            return point;
        } catch (NumberFormatException e) {
            throw new Refused();
        }
    }

    private void space() {
        while (at < text.length() && Window.isSpace(text.charAt(at))) {
            at++;
        }
    }

    private char peek() throws Refused {
        if (at >= text.length()) {
            throw new Refused();
        }
        return text.charAt(at);
    }

    private boolean take(char c) {
        boolean is = at < text.length() && text.charAt(at) == c;
        if (is) {
            at++;
        }
        return is;
    }

    private void expect(char c) throws Refused {
        if (!take(c)) {
            throw new Refused();
        }
    }
}
