package dev.snoozy.testkit.json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Says whether a value fulfils a JSON Schema, in the plainest way, to judge faster code by. Knows
 * the keywords that {@link RandomSchemas} uses.
 */
public final class SchemaJudge {
    private final Map<?, ?> root;

    /** A judge for a schema and what it refers to. */
    public SchemaJudge(Map<?, ?> root) {
        this.root = root;
    }

    /** Whether a value, as {@link JsonJudge} reads it, fulfils the schema. */
    public boolean isValid(@Nullable Object value) {
        return isValid(root, value);
    }

    private boolean isValid(@Nullable Object schema, @Nullable Object value) {
        if (schema instanceof Boolean all) {
            return all;
        }
        for (Map.Entry<?, ?> keyword : ((Map<?, ?>) Objects.requireNonNull(schema)).entrySet()) {
            Object name = keyword.getKey();
            if (!holds(name.toString(), keyword.getValue(), (Map<?, ?>) schema, value)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(
            String keyword, @Nullable Object is, Map<?, ?> schema, @Nullable Object value) {
        return switch (keyword) {
            case "type" ->
                    is instanceof List<?> list
                            ? list.stream().anyMatch(type -> isType(type, value))
                            : isType(is, value);
            case "enum" -> list(is).stream().anyMatch(option -> same(option, value));
            case "const" -> same(is, value);
            case "anyOf" -> list(is).stream().anyMatch(part -> isValid(part, value));
            case "oneOf" -> list(is).stream().filter(part -> isValid(part, value)).count() == 1;
            case "allOf" -> list(is).stream().allMatch(part -> isValid(part, value));
            case "$ref" -> isValid(target(String.valueOf(is)), value);
            case "$defs" -> true;
            default -> {
                if (value instanceof BigDecimal number) {
                    yield ofNumber(keyword, is, number);
                }
                if (value instanceof String string) {
                    yield ofString(keyword, is, string);
                }
                if (value instanceof List<?> list) {
                    yield ofList(keyword, is, schema, list);
                }
                yield !(value instanceof Map<?, ?> map) || ofMap(keyword, is, schema, map);
            }
        };
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    private @Nullable Object target(String reference) {
        Object at = root;
        String[] steps = reference.split("/");
        for (int i = 1; i < steps.length; i++) {
            at = ((Map<?, ?>) Objects.requireNonNull(at)).get(steps[i]);
        }
        return at;
    }

    private static boolean isType(@Nullable Object type, @Nullable Object value) {
        return switch (String.valueOf(type)) {
            case "null" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "string" -> value instanceof String;
            case "array" -> value instanceof List;
            case "object" -> value instanceof Map;
            case "number" -> value instanceof BigDecimal;
            case "integer" ->
                    value instanceof BigDecimal n && n.remainder(BigDecimal.ONE).signum() == 0;
            default -> throw new IllegalArgumentException("type " + type);
        };
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number && other instanceof Number) {
            return number(one).compareTo(number(other)) == 0;
        }
        if (one instanceof List<?> list && other instanceof List<?> others) {
            boolean same = list.size() == others.size();
            for (int i = 0; same && i < list.size(); i++) {
                same = same(list.get(i), others.get(i));
            }
            return same;
        }
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> others) {
            return map.keySet().equals(others.keySet())
                    && map.keySet().stream().allMatch(k -> same(map.get(k), others.get(k)));
        }
        return Objects.equals(one, other);
    }

    private static BigDecimal number(@Nullable Object value) {
        return new BigDecimal(String.valueOf(value));
    }

    private static boolean ofNumber(String keyword, @Nullable Object is, BigDecimal value) {
        return switch (keyword) {
            case "minimum" -> value.compareTo(number(is)) >= 0;
            case "maximum" -> value.compareTo(number(is)) <= 0;
            case "exclusiveMinimum" -> value.compareTo(number(is)) > 0;
            case "exclusiveMaximum" -> value.compareTo(number(is)) < 0;
            case "multipleOf" -> value.remainder(number(is)).signum() == 0;
            default -> true;
        };
    }

    private static boolean ofString(String keyword, @Nullable Object is, String value) {
        int length = value.codePointCount(0, value.length());
        return switch (keyword) {
            case "minLength" -> length >= number(is).intValue();
            case "maxLength" -> length <= number(is).intValue();
            case "pattern" -> Pattern.compile(String.valueOf(is)).matcher(value).find();
            case "format" -> hasFormat(String.valueOf(is), value);
            default -> true;
        };
    }

    private static boolean hasFormat(String format, String value) {
        try {
            return switch (format) {
                case "date" -> LocalDate.parse(value) != null;
                case "date-time" -> OffsetDateTime.parse(value) != null;
                case "uuid" -> value.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
                case "ipv4" -> isAddress(value);
                case "email" -> value.matches("[^@ ]+@[^@ .]+(\\.[^@ .]+)+");
                default -> throw new IllegalArgumentException("format " + format);
            };
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isAddress(String value) {
        String[] parts = value.split("\\.", -1);
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return parts.length == 4;
    }

    private boolean ofList(String keyword, @Nullable Object is, Map<?, ?> schema, List<?> value) {
        int first = schema.get("prefixItems") instanceof List<?> list ? list.size() : 0;
        return switch (keyword) {
            case "minItems" -> value.size() >= number(is).intValue();
            case "maxItems" -> value.size() <= number(is).intValue();
            case "items" -> value.stream().skip(first).allMatch(element -> isValid(is, element));
            case "prefixItems" -> {
                boolean valid = true;
                for (int i = 0; i < Math.min(first, value.size()); i++) {
                    valid &= isValid(list(is).get(i), value.get(i));
                }
                yield valid;
            }
            default -> true;
        };
    }

    private boolean ofMap(String keyword, @Nullable Object is, Map<?, ?> schema, Map<?, ?> value) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        return switch (keyword) {
            case "required" -> list(is).stream().allMatch(value::containsKey);
            case "properties" ->
                    properties.entrySet().stream()
                            .allMatch(p ->
                                    !value.containsKey(p.getKey())
                                            || isValid(p.getValue(), value.get(p.getKey())));
            case "additionalProperties" ->
                    value.entrySet().stream()
                            .allMatch(m ->
                                    properties.containsKey(m.getKey())
                                            || isValid(is, m.getValue()));
            default -> true;
        };
    }
}
