package dev.snoozy.text.grammar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Joins two schemas that must hold together into one. */
final class SchemaMerge {
    private SchemaMerge() {}

    /**
     * The schema of what both allow.
     *
     * @throws dev.snoozy.text.TextException for keywords of both that cannot be joined
     */
    static Schema both(Schema one, Schema other) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(one.keywords());
        checkClosed(one, other);
        checkClosed(other, one);
        checkItems(one, other);
        checkItems(other, one);
        other.keywords()
                .forEach((keyword, value) -> {
                    if (SchemaKeywords.ANNOTATIONS.contains(keyword)) {
                        result.putIfAbsent(keyword, value);
                    } else if (!result.containsKey(keyword)) {
                        result.put(keyword, value);
                    } else if (!Objects.equals(result.get(keyword), value)) {
                        result.put(keyword, joined(keyword, one, other));
                    }
                });
        return new Schema(result, one.place());
    }

    /** An object without other members must know those that the other schema speaks of. */
    private static void checkClosed(Schema one, Schema other) {
        if (one.has("additionalProperties")) {
            for (String name : other.map("properties").keySet()) {
                if (!one.map("properties").containsKey(name)) {
                    throw Schema.wrong(
                            one.at("additionalProperties"),
                            "it beside a schema with the other property \"" + name + "\"",
                            "the property in both, or in one schema");
                }
            }
        }
    }

    /** Items are those behind the first ones of the same schema, which differ between the two. */
    private static void checkItems(Schema one, Schema other) {
        if (one.has("prefixItems") && other.has("items") && !other.has("prefixItems")) {
            throw Schema.wrong(
                    one.at("prefixItems"),
                    "it beside a schema with items that must hold together with it",
                    "both in one schema");
        }
    }

    private static @Nullable Object joined(String keyword, Schema one, Schema other) {
        return switch (keyword) {
            case "type" -> types(one, other);
            case "required" -> {
                Set<Object> names = new LinkedHashSet<>(one.strings(keyword));
                names.addAll(other.strings(keyword));
                yield new ArrayList<>(names);
            }
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
                    larger(one, other, keyword) ? one.get(keyword) : other.get(keyword);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
                    larger(one, other, keyword) ? other.get(keyword) : one.get(keyword);
            case "enum" -> {
                List<@Nullable Object> common = new ArrayList<>(one.list(keyword));
                common.retainAll(other.list(keyword));
                yield common;
            }
            case "properties" -> properties(one, other);
            case "items", "additionalProperties" -> bothOf(one.get(keyword), other.get(keyword));
            default ->
                    throw Schema.wrong(
                            one.place(),
                            "the keyword \""
                                    + keyword
                                    + "\" in two schemas that must hold together",
                            "it in one of them only");
        };
    }

    private static boolean larger(Schema one, Schema other, String keyword) {
        return Objects.requireNonNull(one.number(keyword))
                        .compareTo(Objects.requireNonNull(other.number(keyword)))
                > 0;
    }

    private static Object types(Schema one, Schema other) {
        List<String> common = new ArrayList<>();
        Set<String> first = SchemaTypes.of(one);
        Set<String> second = SchemaTypes.of(other);
        for (String type : first) {
            if (second.contains(type) || type.equals("integer") && second.contains("number")) {
                common.add(type);
            }
        }
        if (second.contains("integer") && first.contains("number") && !first.contains("integer")) {
            common.add("integer");
        }
        return common;
    }

    private static Object properties(Schema one, Schema other) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(one.map("properties"));
        other.map("properties")
                .forEach((name, schema) ->
                        all.put(
                                name,
                                all.containsKey(name) ? bothOf(all.get(name), schema) : schema));
        return all;
    }

    /** Left to be joined when it is compiled. */
    private static Object bothOf(@Nullable Object one, @Nullable Object other) {
        List<@Nullable Object> both = new ArrayList<>();
        if (one instanceof Map<?, ?> map
                && map.size() == 1
                && map.get("allOf") instanceof List<?> list) {
            both.addAll(list); // or many of them would lie within each other
        } else {
            both.add(one);
        }
        both.add(other);
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("allOf", both);
        return all;
    }
}
