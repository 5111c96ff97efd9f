package dev.snoozy.testkit.json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Random JSON Schemas and random values that fulfil them. The same seed gives the same ones. */
public final class RandomSchemas {
    private static final int DEPTH = 3;
    private static final List<String> NAMES =
            List.of("a", "b", "ab", "name", "na", "x y", "é", "q\"t", "list", "next");
    private static final List<String> WORDS =
            List.of("", "a", "yes", "no", "né", "q\"t", "back\\slash", "line\nend", "\uD83D\uDE00");
    private static final Map<String, List<String>> PATTERNS =
            Map.of(
                    "^[a-c]{2,4}$", List.of("ab", "abca"),
                    "^(foo|bar)+$", List.of("foo", "barfoo"),
                    "x[0-9]", List.of("x1", "aax7bb"),
                    "^\\w+@\\d$", List.of("ab_@3"),
                    "^\"?[^\"]$", List.of("\"a", "b"));
    private static final Map<String, String> FORMATS =
            Map.of(
                    "date", "2024-02-28",
                    "date-time", "1999-12-31T23:59:59Z",
                    "uuid", "123e4567-e89b-12d3-a456-426614174000",
                    "ipv4", "192.168.0.255",
                    "email", "a.b@example.org");

    private final Random random;
    private boolean refers;

    /** A source of schemas. */
    public RandomSchemas(long seed) {
        random = new Random(seed);
    }

    /** A schema whose outermost type is mostly an object. */
    public Map<String, Object> next() {
        refers = random.nextInt(4) == 0;
        Map<String, Object> schema = random.nextInt(10) < 7 ? object(DEPTH) : any(DEPTH);
        if (refers) {
            refers = false;
            Map<String, Object> node = new LinkedHashMap<>();
            Map<String, Object> list =
                    map("type", "array", "maxItems", 2, "items", map("$ref", "#/$defs/node"));
            node.put("type", "object");
            node.put("properties", map("value", any(0), "next", list));
            node.put("required", List.of("value"));
            node.put("additionalProperties", false);
            schema.put("$defs", map("node", node));
        }
        return schema;
    }

    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(entries[i].toString(), entries[i + 1]);
        }
        return map;
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Map<String, Object> any(int depth) {
        int kind = random.nextInt(depth > 0 ? 14 : 9);
        return switch (kind) {
            case 0, 1 -> string();
            case 2 -> integer();
            case 3 -> number();
            case 4 -> map("type", random.nextBoolean() ? "boolean" : "null");
            case 5 -> map("type", Arrays.asList("null", "integer"), "maximum", random.nextInt(50));
            case 6 -> map("enum", Arrays.asList(one(WORDS), random.nextInt(100), null, true));
            case 7 ->
                    map("const", random.nextBoolean() ? one(WORDS) : List.of(1, "a", map("b", 2)));
            case 8 -> refers ? map("$ref", "#/$defs/node") : map("type", "string");
            case 9, 10 -> array(depth - 1);
            case 11 -> map("anyOf", List.of(any(depth - 1), any(depth - 1)));
            default -> object(depth - 1);
        };
    }

    private Map<String, Object> string() {
        return switch (random.nextInt(4)) {
            case 0 -> map("type", "string");
            case 1 -> {
                int least = random.nextInt(4);
                yield map(
                        "type",
                        "string",
                        "minLength",
                        least,
                        "maxLength",
                        least + random.nextInt(4));
            }
            case 2 -> map("type", "string", "pattern", one(sorted(PATTERNS)));
            default -> map("type", "string", "format", one(sorted(FORMATS)));
        };
    }

    private static List<String> sorted(Map<String, ?> map) {
        return map.keySet().stream().sorted().toList();
    }

    private Map<String, Object> integer() {
        Map<String, Object> schema = map("type", "integer");
        int least = random.nextInt(400) - 200;
        if (random.nextBoolean()) {
            schema.put("minimum", least);
        }
        if (random.nextBoolean()) {
            schema.put(
                    random.nextBoolean() ? "maximum" : "exclusiveMaximum",
                    least + 20 + random.nextInt(1200));
        }
        if (random.nextInt(3) == 0) {
            schema.put("multipleOf", 1 + random.nextInt(12));
        }
        return schema;
    }

    private Map<String, Object> number() {
        Map<String, Object> schema = map("type", "number");
        BigDecimal least = BigDecimal.valueOf(random.nextInt(4000) - 2000, 1 + random.nextInt(2));
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", least);
        }
        if (random.nextBoolean()) {
            BigDecimal more = BigDecimal.valueOf(1 + random.nextInt(300), 2);
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", least.add(more));
        }
        return schema;
    }

    private Map<String, Object> array(int depth) {
        Map<String, Object> schema = map("type", "array", "items", any(depth));
        if (random.nextInt(3) == 0) {
            schema.put("prefixItems", List.of(any(depth), any(depth)));
            if (random.nextBoolean()) {
                schema.put("items", false);
            }
        }
        int least = random.nextInt(3);
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", least + random.nextInt(3));
        }
        return schema;
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> properties = new LinkedHashMap<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            properties.put(one(NAMES), any(depth));
        }
        Map<String, Object> schema = map("type", "object", "properties", properties);
        List<String> required = new ArrayList<>(properties.keySet());
        required.removeIf(name -> random.nextBoolean());
        schema.put("required", required);
        switch (random.nextInt(4)) {
            case 0 -> schema.put("additionalProperties", any(0));
            case 1 -> {}
            default -> schema.put("additionalProperties", false);
        }
        return schema;
    }

    /** A random value that fulfils a schema, with members in the order of the schema. */
    public @Nullable Object value(Map<?, ?> root) {
        return value(root, root, DEPTH + 2);
    }

    private @Nullable Object value(@Nullable Object part, Map<?, ?> root, int depth) {
        if (!(part instanceof Map<?, ?> schema)) {
            return one(WORDS);
        }
        if (schema.containsKey("$ref")) {
            Map<?, ?> definitions = (Map<?, ?>) Objects.requireNonNull(root.get("$defs"));
            return value(definitions.get("node"), root, depth);
        }
        if (schema.get("anyOf") instanceof List<?> options) {
            return value(options.get(random.nextInt(options.size())), root, depth);
        }
        if (schema.get("enum") instanceof List<?> options) {
            return options.get(random.nextInt(options.size()));
        }
        if (schema.containsKey("const")) {
            return schema.get("const");
        }
        Object type = schema.get("type");
        if (type instanceof List<?> types) {
            type = types.get(random.nextInt(types.size()));
        }
        return switch (String.valueOf(type)) {
            case "object" -> members(schema, root, depth);
            case "array" -> elements(schema, root, depth);
            case "string" -> text(schema);
            case "integer" -> integer(schema);
            case "number" -> decimal(schema);
            case "boolean" -> random.nextBoolean();
            default -> null;
        };
    }

    private Map<String, @Nullable Object> members(Map<?, ?> schema, Map<?, ?> root, int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        Map<?, ?> properties = (Map<?, ?>) Objects.requireNonNull(schema.get("properties"));
        List<?> required = (List<?>) Objects.requireNonNull(schema.get("required"));
        properties.forEach((name, part) -> {
            if (required.contains(name) || depth > 0 && random.nextBoolean()) {
                members.put(name.toString(), value(part, root, depth - 1));
            }
        });
        if (schema.get("additionalProperties") instanceof Map<?, ?> more && random.nextBoolean()) {
            members.put("other", value(more, root, depth - 1));
        }
        return members;
    }

    private List<@Nullable Object> elements(Map<?, ?> schema, Map<?, ?> root, int depth) {
        List<?> first = schema.get("prefixItems") instanceof List<?> list ? list : List.of();
        int least = number(schema, "minItems", 0);
        int most = number(schema, "maxItems", least + 2);
        most = Boolean.FALSE.equals(schema.get("items")) ? Math.min(most, first.size()) : most;
        int size = depth <= 0 ? least : least + random.nextInt(Math.max(1, most - least + 1));
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Object part = i < first.size() ? first.get(i) : schema.get("items");
            elements.add(value(part, root, depth - 1));
        }
        return elements;
    }

    private static int number(Map<?, ?> schema, String keyword, int otherwise) {
        return schema.get(keyword) instanceof Number n ? n.intValue() : otherwise;
    }

    private String text(Map<?, ?> schema) {
        if (schema.get("pattern") instanceof String pattern) {
            return one(Objects.requireNonNull(PATTERNS.get(pattern)));
        }
        if (schema.get("format") instanceof String format) {
            return Objects.requireNonNull(FORMATS.get(format));
        }
        int least = number(schema, "minLength", 0);
        int most = number(schema, "maxLength", least + 3);
        StringBuilder text = new StringBuilder();
        for (int size = least + random.nextInt(most - least + 1); size > 0; size--) {
            text.append(one(List.of("a", "\"", "\\", "é", "\n", "\uD83D\uDE00", " ")));
        }
        return text.toString();
    }

    private BigDecimal integer(Map<?, ?> schema) {
        int step = number(schema, "multipleOf", 1);
        int last = number(schema, "exclusiveMaximum", number(schema, "maximum", 2001) + 1) - 1;
        int first = number(schema, "minimum", last - 3000);
        int least = Math.ceilDiv(first, step);
        int most = Math.floorDiv(last, step);
        return BigDecimal.valueOf((long) step * (least + random.nextInt(most - least + 1)));
    }

    private BigDecimal decimal(Map<?, ?> schema) {
        SchemaJudge judge = new SchemaJudge(schema);
        while (true) {
            BigDecimal from = BigDecimal.valueOf(-300);
            for (String keyword : List.of("minimum", "exclusiveMinimum")) {
                from = schema.get(keyword) instanceof BigDecimal least ? least : from;
            }
            for (String keyword : List.of("maximum", "exclusiveMaximum")) {
                if (schema.get(keyword) instanceof BigDecimal most && random.nextBoolean()) {
                    from = most.subtract(BigDecimal.valueOf(3));
                }
            }
            BigDecimal value = from.add(BigDecimal.valueOf(random.nextInt(3001), 3));
            if (judge.isValid(value)) {
                return value;
            }
        }
    }
}
