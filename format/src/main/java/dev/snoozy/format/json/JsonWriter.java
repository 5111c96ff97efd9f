package dev.snoozy.format.json;

import dev.snoozy.format.FormatException;

import java.nio.charset.StandardCharsets;

/**
 * Writes a JSON text without white space. The caller sees to it that what is begun is ended and
 * that members have names.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private boolean comma;

    /** Begins an object. */
    public JsonWriter beginObject() {
        return begin('{');
    }

    /** Ends an object. */
    public JsonWriter endObject() {
        return end('}');
    }

    /** Begins an array. */
    public JsonWriter beginArray() {
        return begin('[');
    }

    /** Ends an array. */
    public JsonWriter endArray() {
        return end(']');
    }

    /** The name of the member whose value follows. */
    public JsonWriter name(String name) {
        string(name);
        out.append(':');
        comma = false;
        return this;
    }

    /**
     * A string.
     *
     * @throws FormatException if it holds half a surrogate pair, which no UTF-8 text can
     */
    public JsonWriter string(String value) {
        separate();
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            character(value, i);
        }
        out.append('"');
        return this;
    }

    /** An integer. */
    public JsonWriter integer(long value) {
        separate();
        out.append(value);
        return this;
    }

    /**
     * A number.
     *
     * @throws FormatException if it is none that JSON has: NaN or infinite
     */
    public JsonWriter number(double value) {
        if (!Double.isFinite(value)) {
            throw new FormatException("JSON has no number " + value);
        }
        separate();
        out.append(value);
        return this;
    }

    /** True or false. */
    public JsonWriter bool(boolean value) {
        separate();
        out.append(value);
        return this;
    }

    /** Null. */
    public JsonWriter nothing() {
        separate();
        out.append("null");
        return this;
    }

    /** The text so far. */
    public String text() {
        return out.toString();
    }

    /** The text so far, in UTF-8. */
    public byte[] toByteArray() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private JsonWriter begin(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    private JsonWriter end(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    private void character(String value, int i) {
        char c = value.charAt(i);
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20) {
                    out.append("\\u%04x".formatted((int) c));
                    return;
                }
                if (Character.isSurrogate(c) && !paired(value, i)) {
                    throw new FormatException(
                            "JSON string, character %d: found half a surrogate pair, expected both"
                                    .formatted(i));
                }
                out.append(c);
            }
        }
    }

    private static boolean paired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }
}
