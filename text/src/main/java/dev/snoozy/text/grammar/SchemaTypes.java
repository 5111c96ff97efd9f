package dev.snoozy.text.grammar;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which of the types of JSON a schema allows. */
final class SchemaTypes {
    private static final List<String> ALL =
            List.of("object", "array", "string", "number", "integer", "boolean", "null");

    private SchemaTypes() {}

    /**
     * The types that a schema names, or that its keywords are about; none where it says nothing.
     */
    static Set<String> of(Schema schema) {
        Set<String> types = new LinkedHashSet<>();
        if (schema.has("type")) {
            Object type = schema.get("type");
            List<String> named = type instanceof String one ? List.of(one) : schema.strings("type");
            for (String name : named) {
                if (!ALL.contains(name)) {
                    throw Schema.wrong(
                            schema.at("type"),
                            '"' + name + '"',
                            "one of " + String.join(", ", ALL));
                }
                types.add(name);
            }
            return types;
        }
        if (schema.hasAny(SchemaKeywords.OBJECT)) {
            types.add("object");
        }
        if (schema.hasAny(SchemaKeywords.ARRAY)) {
            types.add("array");
        }
        if (schema.hasAny(SchemaKeywords.STRING)) {
            types.add("string");
        }
        if (schema.hasAny(SchemaKeywords.NUMBER)) {
            types.add("number");
        }
        return types;
    }

    /** Whether a value is of one of some types. */
    static boolean isOf(@Nullable Object value, Set<String> types) {
        return switch (value) {
            case null -> types.contains("null");
            case String s -> types.contains("string");
            case Boolean b -> types.contains("boolean");
            case List<?> l -> types.contains("array");
            case Map<?, ?> m -> types.contains("object");
            case Number n -> types.contains("number") || types.contains("integer") && isInteger(n);
            default -> false;
        };
    }

    private static boolean isInteger(Number number) {
        double value = number.doubleValue();
        return number instanceof Long || value == Math.rint(value) && !Double.isInfinite(value);
    }

    /**
     * Whether certainly none of the values that are written for one of two schemas fulfils the
     * other. Keywords alone do not tell types apart: {@code minLength} holds for every number.
     */
    static boolean apart(Schema one, Schema other) {
        List<@Nullable Object> values = values(one);
        List<@Nullable Object> others = values(other);
        if (values != null && others != null) {
            return values.stream().noneMatch(a -> others.stream().anyMatch(b -> same(a, b)));
        }
        if (values != null) {
            return other.has("type") && values.stream().noneMatch(v -> isOf(v, of(other)));
        }
        if (others != null) {
            return one.has("type") && others.stream().noneMatch(v -> isOf(v, of(one)));
        }
        return excludes(one, other) && excludes(other, one);
    }

    /** Whether each type of one schema is none of the other, or told apart by a member. */
    private static boolean excludes(Schema one, Schema other) {
        Set<String> types = of(one);
        boolean byMember = apartByMember(one, other);
        for (String type : types) {
            boolean common = !other.has("type") || overlaps(type, of(other));
            if (common && !(type.equals("object") && byMember)) {
                return false;
            }
        }
        return !types.isEmpty();
    }

    private static boolean overlaps(String type, Set<String> types) {
        return types.contains(type)
                || type.equals("integer") && types.contains("number")
                || type.equals("number") && types.contains("integer");
    }

    /** Whether a member that both require has different constants. */
    private static boolean apartByMember(Schema one, Schema other) {
        List<String> required = one.strings("required");
        required.retainAll(other.strings("required"));
        for (String name : required) {
            Object a = one.map("properties").get(name);
            Object b = other.map("properties").get(name);
            if (a instanceof Map && b instanceof Map) {
                Schema first = Schema.of(a, one.place());
                Schema second = Schema.of(b, other.place());
                if (values(first) != null && values(second) != null && apart(first, second)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The values that a schema lists, or null if it lists none. */
    static @Nullable List<@Nullable Object> values(Schema schema) {
        if (schema.has("const")) {
            List<@Nullable Object> one = new ArrayList<>();
            one.add(schema.get("const"));
            return one;
        }
        return schema.has("enum") ? schema.list("enum") : null;
    }

    /** Whether two values are equal in JSON, where 1 and 1.0 are. */
    static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
        }
        return Objects.equals(one, other);
    }
}
