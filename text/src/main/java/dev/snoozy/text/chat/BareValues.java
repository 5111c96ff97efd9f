package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Objects as Gemma 4 writes them, with bare names and strings between marks of their own: {@code
 * {city:<|"|>Oslo<|"|>,days:3}}. Turns them into JSON; refuses with null what is none.
 */
final class BareValues {
    private static final int DEEPEST = 64;

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("not an object", null, false, false);
        }
    }

    private final String text;
    private final String quote;
    private int at;

    private BareValues(String text, String quote) {
        this.text = text;
        this.quote = quote;
    }

    /** Arguments as JSON: of such an object, or of JSON inside of the braces. */
    static @Nullable String arguments(String text, String quote) {
        String json = json(text, quote);
        boolean inside = json == null && text.startsWith("{{");
        return inside ? JsonText.arguments(text.substring(1, text.length() - 1)) : json;
    }

    private static @Nullable String json(String text, String quote) {
        BareValues reader = new BareValues(text, quote);
        try {
            if (reader.peek() != '{') {
                return null;
            }
            String json = reader.value(0);
            return reader.at == text.length() ? json : null;
        } catch (Refused e) {
            return null;
        }
    }

    private String value(int depth) throws Refused {
        if (depth > DEEPEST) {
            throw new Refused();
        }
        space();
        if (text.startsWith(quote, at)) {
            return JsonText.quote(string());
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            default -> bare();
        };
    }

    private String object(int depth) throws Refused {
        Map<String, String> members = new LinkedHashMap<>();
        at++;
        space();
        while (peek() != '}') {
            String key = text.startsWith(quote, at) ? string() : key();
            space();
            if (peek() != ':') {
                throw new Refused();
            }
            at++;
            members.put(key, value(depth + 1));
            space();
            separator('}');
        }
        at++;
        return PythonValues.object(members);
    }

    private String array(int depth) throws Refused {
        StringBuilder out = new StringBuilder("[");
        at++;
        space();
        while (peek() != ']') {
            out.append(out.length() > 1 ? ", " : "").append(value(depth + 1));
            space();
            separator(']');
        }
        at++;
        return out.append(']').toString();
    }

    private void separator(char close) throws Refused {
        if (peek() == ',') {
            at++;
            space();
        } else if (peek() != close) {
            throw new Refused();
        }
    }

    private String string() throws Refused {
        int start = at + quote.length();
        int end = text.indexOf(quote, start);
        if (end < 0) {
            throw new Refused();
        }
        at = end + quote.length();
        return text.substring(start, end);
    }

    private String key() throws Refused {
        int end = text.indexOf(':', at);
        if (end < 0) {
            throw new Refused();
        }
        String key = text.substring(at, end).strip();
        at = end;
        if (key.length() > 1 && key.startsWith("\"")) {
            String inner = JsonText.string(key);
            return inner == null ? key : inner;
        }
        return key;
    }

    private String bare() throws Refused {
        int start = at;
        while (at < text.length() && ",}]".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at).strip();
        if (word.isEmpty()) {
            throw new Refused();
        }
        return switch (word) {
            case "None" -> "null";
            case "True" -> "true";
            case "False" -> "false";
            default -> JsonText.isValue(word) ? word : JsonText.quote(word);
        };
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
}
