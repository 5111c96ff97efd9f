package dev.snoozy.text.grammar;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.json.JsonReader;
import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Expression.Call;
import dev.snoozy.text.grammar.Expression.Rule;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Turns a JSON Schema (2020-12) into the grammar of texts that fulfil it. Where a schema allows
 * more than a grammar can say, the grammar allows less; what would allow more is refused.
 */
final class SchemaCompiler {
    /** Parts that are compiled; parts that hold together with others count again. */
    private static final int MOST_PARTS = 100_000;

    private static final Set<String> FORMATTED = Set.of("string", "integer", "number");

    private final @Nullable Object document;
    private final Map<String, Rule> references = new HashMap<>();
    private final Queue<Runnable> open = new ArrayDeque<>();
    private final SchemaObjects objects = new SchemaObjects(this);
    private int parts;

    private SchemaCompiler(@Nullable Object document) {
        this.document = document;
    }

    /** The expression of a schema. */
    static Expression compile(String json) {
        Limits.checkSource("JSON schema", json.length());
        Object document;
        try {
            JsonReader reader =
                    new JsonReader("JSON schema", json.getBytes(StandardCharsets.UTF_8));
            document = reader.value();
            reader.end();
        } catch (FormatException e) {
            throw new TextException(String.valueOf(e.getMessage()));
        }
        SchemaCompiler compiler = new SchemaCompiler(document);
        Expression root = compiler.reference("#", "#");
        while (!compiler.open.isEmpty()) {
            compiler.open.remove().run();
        }
        return root;
    }

    /** The expression of a part of the schema. */
    Expression compile(@Nullable Object part, String place) {
        if (Boolean.TRUE.equals(part)) {
            return JsonSyntax.anyValue();
        }
        if (Boolean.FALSE.equals(part)) {
            return Expression.IMPOSSIBLE;
        }
        return compile(Schema.of(part, place));
    }

    private Expression compile(Schema schema) {
        if (++parts > MOST_PARTS) {
            throw Schema.wrong(
                    schema.place(), "more than " + MOST_PARTS + " parts", "a smaller schema");
        }
        SchemaKeywords.check(schema);
        if (schema.has("$ref") && isAlone(schema)) {
            return reference(schema.string("$ref"), schema.at("$ref"));
        }
        Schema flat = flat(schema, new HashSet<>());
        if (flat.has("anyOf") || flat.has("oneOf")) {
            return branches(flat);
        }
        List<@Nullable Object> values = SchemaTypes.values(flat);
        return values == null ? byTypes(flat) : values(flat, values);
    }

    private static boolean isAlone(Schema schema) {
        return schema.keywords().keySet().stream()
                .allMatch(k -> k.equals("$ref") || isAnnotation(k));
    }

    private static boolean isAnnotation(String keyword) {
        return SchemaKeywords.ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
    }

    /** The rule of a part that is referred to; compiled once, later. */
    private Expression reference(String reference, String place) {
        Rule known = references.get(reference);
        if (known == null) {
            Object target = find(reference, place);
            Rule rule = new Rule(reference);
            references.put(reference, rule);
            open.add(() -> rule.define(compile(target, reference)));
            known = rule;
        }
        return new Call(known);
    }

    /** What a JSON pointer (RFC 6901) in a reference leads to. */
    private @Nullable Object find(String reference, String place) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw Schema.wrong(
                    place,
                    '"' + reference + '"',
                    "a reference inside this schema that begins with \"#/\"");
        }
        Object at = document;
        String[] steps = reference.split("/", -1);
        for (int i = 1; i < steps.length; i++) {
            String step = steps[i].replace("%25", "%").replace("~1", "/").replace("~0", "~");
            if (at instanceof Map<?, ?> map && map.containsKey(step)) {
                at = map.get(step);
            } else if (at instanceof List<?> list
                    && step.matches("[0-9]{1,6}")
                    && Integer.parseInt(step) < list.size()) {
                at = list.get(Integer.parseInt(step));
            } else {
                throw Schema.wrong(place, '"' + reference + '"', "a part that this schema has");
            }
        }
        return at;
    }

    /** The schema with what it refers to and all of {@code allOf} joined into it. */
    private Schema flat(Schema schema, Set<String> within) {
        SchemaKeywords.check(schema);
        Schema result = schema.without("$ref", "allOf");
        if (schema.has("$ref")) {
            String reference = schema.string("$ref");
            if (!within.add(reference)) {
                throw Schema.wrong(
                        schema.at("$ref"), "a part that is a part of itself", "no such circle");
            }
            Object target = find(reference, schema.at("$ref"));
            result = joined(result, target, reference, within);
            within.remove(reference);
        }
        if (schema.has("allOf")) {
            int i = 0;
            for (Object part : schema.list("allOf")) {
                result = joined(result, part, schema.at("allOf") + "/" + i++, within);
            }
        }
        return result;
    }

    private Schema joined(Schema one, @Nullable Object other, String place, Set<String> within) {
        if (++parts > MOST_PARTS) {
            throw Schema.wrong(place, "more than " + MOST_PARTS + " parts", "a smaller schema");
        }
        if (Boolean.TRUE.equals(other)) {
            return one;
        }
        if (Boolean.FALSE.equals(other)) {
            throw Schema.wrong(place, "false, which nothing fulfils", "a schema");
        }
        return SchemaMerge.both(one, flat(Schema.of(other, place), within));
    }

    private Expression branches(Schema schema) {
        String keyword = schema.has("anyOf") ? "anyOf" : "oneOf";
        if (schema.has("anyOf") && schema.has("oneOf")) {
            throw Schema.wrong(schema.place(), "anyOf and oneOf together", "one of them");
        }
        Schema base = schema.without("anyOf", "oneOf");
        List<Schema> all = new ArrayList<>();
        List<Expression> options = new ArrayList<>();
        int i = 0;
        for (Object branch : schema.list(keyword)) {
            String place = schema.at(keyword) + "/" + i++;
            if (Boolean.FALSE.equals(branch)) {
                continue;
            }
            Object part = Boolean.TRUE.equals(branch) ? Map.of() : branch;
            if (isAlone(base.without("$ref"))) {
                options.add(compile(part, place));
            } else {
                options.add(compile(joined(base, part, place, new HashSet<>())));
            }
            if (keyword.equals("oneOf")) {
                all.add(flat(Schema.of(part, place), new HashSet<>()));
            }
        }
        if (options.isEmpty()) {
            throw Schema.wrong(schema.at(keyword), "no schema", "at least one");
        }
        requireApart(schema, all);
        return new Expression.Choice(options);
    }

    private static void requireApart(Schema schema, List<Schema> branches) {
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!SchemaTypes.apart(branches.get(i), branches.get(j))) {
                    throw Schema.wrong(
                            schema.at("oneOf"),
                            "the schemas " + j + " and " + i + ", which a value may both fulfil",
                            "schemas of different types, of different constants, or of objects"
                                    + " with a required member of different constants; cure:"
                                    + " anyOf");
                }
            }
        }
    }

    /** Those of the listed values that fulfil the rest of the schema. */
    private Expression values(Schema schema, List<@Nullable Object> listed) {
        List<@Nullable Object> values = new ArrayList<>(listed);
        if (schema.has("const") && schema.has("enum")) {
            values.removeIf(value ->
                    schema.list("enum").stream()
                            .noneMatch(other -> SchemaTypes.same(value, other)));
        }
        Set<String> types = schema.has("type") ? SchemaTypes.of(schema) : Set.of();
        if (!types.isEmpty()) {
            values.removeIf(value -> !SchemaTypes.isOf(value, types));
        }
        Schema rest = schema.without("const", "enum", "type");
        for (String keyword : rest.keywords().keySet()) {
            if (!isAnnotation(keyword)) {
                throw Schema.wrong(
                        schema.place(),
                        "the keyword \"" + keyword + "\" beside const or enum",
                        "the values that fulfil it, without it");
            }
        }
        if (values.isEmpty()) {
            throw Schema.wrong(schema.place(), "no value that is allowed", "at least one");
        }
        return new Expression.Choice(values.stream().map(JsonText::value).toList());
    }

    private Expression byTypes(Schema schema) {
        Set<String> types = new LinkedHashSet<>(SchemaTypes.of(schema));
        if (types.isEmpty()) {
            if (schema.has("type")) {
                throw Schema.wrong(schema.at("type"), "no type that is allowed", "at least one");
            }
            return JsonSyntax.anyValue();
        }
        if (schema.has("format") && Collections.disjoint(types, FORMATTED)) {
            throw Schema.wrong(
                    schema.at("format"),
                    "the format " + Schema.found(schema.get("format")) + " of neither",
                    "a format of strings or numbers");
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        // A format is that of strings, if there may be any.
        Schema numbers = types.contains("string") ? schema.without("format") : schema;
        List<Expression> options = new ArrayList<>();
        for (String type : types) {
            options.add(
                    switch (type) {
                        case "object" -> objects.object(schema);
                        case "array" -> objects.array(schema);
                        case "string" -> SchemaStrings.compile(schema);
                        case "integer" -> SchemaNumbers.compile(numbers, true);
                        case "number" -> SchemaNumbers.compile(numbers, false);
                        case "boolean" -> JsonSyntax.BOOLEAN;
                        default -> JsonSyntax.NULL;
                    });
        }
        return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
    }
}
