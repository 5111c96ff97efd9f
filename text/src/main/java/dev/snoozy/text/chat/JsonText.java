package dev.snoozy.text.chat;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.json.JsonReader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON that is kept as text, so that numbers and spelling stay as they were written. */
final class JsonText {
    private JsonText() {}

    /** The members of an object, each as its text, or null if the text is no JSON object. */
    static @Nullable Map<String, String> members(String text) {
        Map<String, String> members = membersStrictly(text);
        return members != null ? members : membersStrictly(escapeControls(text));
    }

    private static @Nullable Map<String, String> membersStrictly(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader("call", bytes);
        Map<String, String> members = new LinkedHashMap<>();
        try {
            reader.object(name -> members.put(name, slice(reader, bytes)));
            reader.end();
            return members;
        } catch (FormatException e) {
            return null;
        }
    }

    /** The elements of an array, each as its text, or null if the text is no JSON array. */
    static @Nullable List<String> elements(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader("call", bytes);
        List<String> elements = new ArrayList<>();
        try {
            reader.array(() -> elements.add(slice(reader, bytes)));
            reader.end();
            return elements;
        } catch (FormatException e) {
            return null;
        }
    }

    private static String slice(JsonReader reader, byte[] bytes) {
        int from = reader.place();
        reader.skip();
        int to = reader.place();
        return new String(bytes, from, to - from, StandardCharsets.UTF_8).strip();
    }

    /** The string that a text is, or null if it is no JSON string. */
    static @Nullable String string(String text) {
        if (!text.startsWith("\"")) {
            return null;
        }
        String value = stringStrictly(text);
        return value != null ? value : stringStrictly(escapeControls(text));
    }

    private static @Nullable String stringStrictly(String text) {
        try {
            JsonReader reader = new JsonReader("call", text.getBytes(StandardCharsets.UTF_8));
            String value = reader.string();
            reader.end();
            return value;
        } catch (FormatException e) {
            return null;
        }
    }

    /** The value that a text is; null for no JSON as well as for null. */
    static @Nullable Object value(String text) {
        try {
            JsonReader reader = new JsonReader("JSON", text.getBytes(StandardCharsets.UTF_8));
            Object value = reader.value();
            reader.end();
            return value;
        } catch (FormatException e) {
            return null;
        }
    }

    /** Whether a text is one JSON value. */
    static boolean isValue(String text) {
        try {
            JsonReader reader = new JsonReader("JSON", text.getBytes(StandardCharsets.UTF_8));
            reader.skip();
            reader.end();
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    /**
     * Arguments as the text of a JSON object, from what a model wrote: an object, a string that
     * holds the text of one, or nothing. Null if they are something else.
     */
    static @Nullable String arguments(@Nullable String written) {
        if (written == null || written.equals("null")) {
            return "{}";
        }
        String text = written.strip();
        String string = string(text);
        if (string != null) {
            text = string.strip();
        }
        if (text.isEmpty() || text.equals("null")) {
            return "{}";
        }
        if (membersStrictly(text) != null) {
            return text;
        }
        String repaired = escapeControls(text);
        return membersStrictly(repaired) != null ? repaired : null;
    }

    /** A string in quotation marks. Half a surrogate pair becomes U+FFFD. */
    static String quote(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(isHalf(value, i) ? '\uFFFD' : c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static boolean isHalf(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    /** Escapes line ends and tabs inside strings, which models forget to do. */
    private static String escapeControls(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        boolean inString = false;
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString && c < 0x20) {
                String quoted = quote(String.valueOf(c));
                out.append(quoted, 1, quoted.length() - 1);
                escaped = false;
                continue;
            }
            if (c == '"' && !escaped) {
                inString = !inString;
            }
            escaped = inString && c == '\\' && !escaped;
            out.append(c);
        }
        return out.toString();
    }
}
