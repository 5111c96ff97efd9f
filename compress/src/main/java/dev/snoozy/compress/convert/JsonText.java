package dev.snoozy.compress.convert;

import dev.snoozy.format.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes JSON, a member to a line: maps, lists, strings, numbers, flags and null. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    static byte[] of(Object value) {
        JsonText text = new JsonText();
        text.value(value, "\n");
        return text.out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(@Nullable Object value, String line) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> members(map, line);
            case List<?> list -> elements(list, line);
            case double[] numbers -> elements(Arrays.stream(numbers).boxed().toList(), line);
            case String text -> string(text);
            default -> out.append(value);
        }
    }

    private void members(Map<?, ?> map, String line) {
        String separator = "";
        out.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(line).append("  ");
            string(String.valueOf(entry.getKey()));
            out.append(": ");
            value(entry.getValue(), line + "  ");
            separator = ",";
        }
        out.append(map.isEmpty() ? "" : line).append('}');
    }

    private void elements(List<?> list, String line) {
        String separator = "";
        out.append('[');
        for (Object element : list) {
            out.append(separator);
            value(element, line + "  ");
            separator = ", ";
        }
        out.append(']');
    }

    private void string(String text) {
        byte[] quoted = new JsonWriter().string(text).toByteArray();
        out.append(new String(quoted, StandardCharsets.UTF_8));
    }
}
