package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which types the parameters of a tool have, by its JSON Schema. Immutable. */
final class ParameterTypes {
    /** Schemas inside each other that are looked into for a type. */
    private static final int DEEPEST = 8;

    private final Map<String, Set<String>> types = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    private ParameterTypes() {}

    /** The types of a schema; a schema that cannot be read says nothing. */
    static ParameterTypes of(@Nullable String schema) {
        ParameterTypes result = new ParameterTypes();
        Object root = schema == null ? null : JsonText.value(schema);
        if (root instanceof Map<?, ?> map && map.get("properties") instanceof Map<?, ?> members) {
            members.forEach((name, property) -> {
                Set<String> found = new HashSet<>();
                collect(property, map, found, 0);
                result.types.put((String) name, found);
                result.names.add((String) name);
            });
        }
        return result;
    }

    /** The name of the parameter at a place, or null beyond the last. */
    @Nullable String name(int index) {
        return index < names.size() ? names.get(index) : null;
    }

    private static void collect(
            @Nullable Object schema, Map<?, ?> root, Set<String> found, int depth) {
        if (depth > DEEPEST || !(schema instanceof Map<?, ?> map)) {
            return;
        }
        switch (map.get("type")) {
            case String type -> found.add(type);
            case List<?> list -> list.forEach(type -> found.add(String.valueOf(type)));
            case null, default -> {
                values(map.get("enum"), found);
                if (map.containsKey("const")) {
                    value(map.get("const"), found);
                }
            }
        }
        for (String choice : new String[] {"anyOf", "oneOf", "allOf"}) {
            if (map.get(choice) instanceof List<?> schemas) {
                schemas.forEach(each -> collect(each, root, found, depth + 1));
            }
        }
        if (map.get("$ref") instanceof String path && path.startsWith("#/")) {
            collect(target(root, path), root, found, depth + 1);
        }
    }

    private static void values(@Nullable Object values, Set<String> found) {
        if (values instanceof List<?> list) {
            list.forEach(each -> value(each, found));
        }
    }

    private static void value(@Nullable Object value, Set<String> found) {
        switch (value) {
            case String text -> found.add("string");
            case Boolean bool -> found.add("boolean");
            case Number number -> found.add("number");
            case List<?> list -> found.add("array");
            case Map<?, ?> map -> found.add("object");
            case null, default -> found.add("null");
        }
    }

    private static @Nullable Object target(Map<?, ?> root, String path) {
        Object at = root;
        for (String name : path.substring(2).split("/", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }

    /**
     * The JSON of a value that was written as bare text: of a type that the schema allows, a string
     * if nothing else fits. Where the schema says nothing, what is JSON is JSON.
     */
    String json(String parameter, String text) {
        Set<String> allowed = types.getOrDefault(parameter, Set.of());
        boolean unknown = allowed.isEmpty();
        if (!unknown && allowed.equals(Set.of("string"))) {
            return JsonText.quote(text);
        }
        String value = text.strip();
        if (unknown || allowed.contains("integer") || allowed.contains("number")) {
            if (isNumber(value)) {
                return value;
            }
        }
        if (unknown || allowed.contains("boolean")) {
            if (value.equals("true") || value.equals("True")) {
                return "true";
            }
            if (value.equals("false") || value.equals("False")) {
                return "false";
            }
        }
        if (unknown || allowed.contains("null") || !allowed.contains("string")) {
            if (value.equals("null") || value.equals("None")) {
                return "null";
            }
        }
        boolean bracket = value.startsWith("{") || value.startsWith("[");
        if (bracket && (unknown || allowed.contains("object") || allowed.contains("array"))) {
            String json = JsonText.isValue(value) ? value : PythonValues.json(value);
            if (json != null) {
                return json;
            }
        }
        String string = unknown || allowed.contains("string") ? null : JsonText.string(value);
        return JsonText.quote(string == null ? text : string);
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty()
                && (Character.isDigit(value.charAt(0)) || value.charAt(0) == '-')
                && JsonText.isValue(value);
    }
}
