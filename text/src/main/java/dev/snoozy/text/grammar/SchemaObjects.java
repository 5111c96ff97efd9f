package dev.snoozy.text.grammar;

import static dev.snoozy.text.grammar.Expression.literal;
import static dev.snoozy.text.grammar.Expression.optional;
import static dev.snoozy.text.grammar.Expression.sequence;

import dev.snoozy.text.grammar.Expression.Member;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects and arrays of JSON Schema. Their parts are left to the compiler. */
final class SchemaObjects {
    /** Elements of an array with schemas of their own. */
    private static final int MOST_FIRST = 256;

    private final SchemaCompiler parts;

    SchemaObjects(SchemaCompiler parts) {
        this.parts = parts;
    }

    /** Members in the order of the schema; those that are not required may be left out. */
    Expression object(Schema schema) {
        if (schema.has("propertyNames")) {
            throw SchemaKeywords.unsupported(schema, "propertyNames");
        }
        Map<String, @Nullable Object> properties = new LinkedHashMap<>(schema.map("properties"));
        List<String> required = schema.strings("required");
        Object additional = schema.get("additionalProperties");
        boolean says = schema.has("additionalProperties");
        boolean open = says ? !Boolean.FALSE.equals(additional) : properties.isEmpty();
        open &= says || !schema.has("patternProperties");
        for (String name : required) {
            if (!properties.containsKey(name)) {
                boolean allowed = !says || open;
                properties.put(name, allowed && says ? additional : allowed);
            }
        }
        List<Member> members = new ArrayList<>();
        for (Map.Entry<String, @Nullable Object> property : properties.entrySet()) {
            String name = property.getKey();
            String place = schema.at("properties") + "/" + name;
            if (Boolean.FALSE.equals(property.getValue())) {
                if (required.contains(name)) {
                    throw Schema.wrong(
                            place, "a required property that must not be", "one or the other");
                }
                continue;
            }
            Expression value = parts.compile(property.getValue(), place);
            members.add(
                    new Member(
                            JsonText.member(name, JsonSyntax.shared(place, value)),
                            required.contains(name)));
        }
        Expression more = open ? more(schema, properties, says ? additional : true) : null;
        Expression matching = matching(schema, properties, open && says);
        checkCounts(schema, members, more != null || matching != null);
        return JsonSyntax.object(members, matching == null ? more : matching);
    }

    /** Members that the schema does not name. */
    private Expression more(
            Schema schema, Map<String, @Nullable Object> named, @Nullable Object additional) {
        String place = schema.at("additionalProperties");
        Expression value = JsonSyntax.shared(place, parts.compile(additional, place));
        Expression name =
                named.isEmpty()
                        ? JsonSyntax.STRING
                        : JsonSyntax.quoted(
                                new Expression.OtherThan(
                                        List.copyOf(named.keySet()), JsonSyntax.PLAIN));
        return sequence(name, JsonSyntax.COLON, value);
    }

    /** Members whose names match a pattern. */
    private @Nullable Expression matching(
            Schema schema, Map<String, @Nullable Object> named, boolean open) {
        if (!schema.has("patternProperties")) {
            return null;
        }
        Map<String, @Nullable Object> patterns = schema.map("patternProperties");
        if (patterns.size() != 1 || open || !named.isEmpty()) {
            throw Schema.wrong(
                    schema.at("patternProperties"),
                    "several patterns, or patterns beside properties or additionalProperties",
                    "one pattern alone");
        }
        Map.Entry<String, @Nullable Object> only = patterns.entrySet().iterator().next();
        String place = schema.at("patternProperties") + "/" + only.getKey();
        Expression name = JsonSyntax.quoted(JsonText.escaped(RegexParser.anywhere(only.getKey())));
        Expression value = JsonSyntax.shared(place, parts.compile(only.getValue(), place));
        return sequence(name, JsonSyntax.COLON, value);
    }

    /**
     * A grammar cannot count members that may be left out, nor those that may come twice, so only
     * bounds are taken that hold anyway.
     */
    private static void checkCounts(Schema schema, List<Member> members, boolean more) {
        long least = members.stream().filter(Member::required).count();
        if (schema.count("minProperties", 0) > least) {
            throw Schema.wrong(
                    schema.at("minProperties"),
                    Schema.found(schema.get("minProperties")),
                    "at most the number of required properties, " + least);
        }
        int most = schema.count("maxProperties", Expression.UNLIMITED);
        if (schema.has("maxProperties") && (more || most < members.size())) {
            throw Schema.wrong(
                    schema.at("maxProperties"),
                    Schema.found(schema.get("maxProperties")),
                    "at least the number of properties, and no additional ones");
        }
    }

    Expression array(Schema schema) {
        if (schema.has("uniqueItems") && !Boolean.FALSE.equals(schema.get("uniqueItems"))) {
            throw SchemaKeywords.unsupported(schema, "uniqueItems");
        }
        int least = schema.count("minItems", 0);
        int most = schema.count("maxItems", Expression.UNLIMITED);
        if (least > most) {
            throw Schema.wrong(schema.at("minItems"), "more than maxItems", "at most as many");
        }
        List<Expression> first = new ArrayList<>();
        if (schema.has("prefixItems")) {
            for (Object part : schema.list("prefixItems")) {
                String place = schema.at("prefixItems") + "/" + first.size();
                first.add(JsonSyntax.shared(place, parts.compile(part, place)));
            }
            if (first.size() > MOST_FIRST) {
                throw Schema.wrong(
                        schema.at("prefixItems"),
                        first.size() + " schemas",
                        "at most " + MOST_FIRST);
            }
        }
        Object items = schema.has("items") ? schema.get("items") : (Object) first.isEmpty();
        if (items instanceof List) {
            throw Schema.wrong(schema.at("items"), "an array", "a schema; cure: prefixItems");
        }
        boolean open = !Boolean.FALSE.equals(items);
        if (!open && first.size() < most) {
            most = first.size();
        }
        if (least > most) {
            throw Schema.wrong(
                    schema.at("minItems"),
                    Schema.found(schema.get("minItems")),
                    "at most the number of prefixItems, " + most + ", where no items follow");
        }
        String place = schema.at("items");
        Expression element =
                open
                        ? JsonSyntax.shared(place, parts.compile(items, place))
                        : Expression.IMPOSSIBLE;
        return first.isEmpty()
                ? JsonSyntax.array(element, least, most)
                : tuple(first, element, least, most);
    }

    /** Elements with schemas of their own, and others behind them. */
    private static Expression tuple(
            List<Expression> first, Expression others, int least, int most) {
        int size = Math.min(first.size(), most);
        if (size == 0) {
            return literal("[]");
        }
        boolean endless = most == Expression.UNLIMITED;
        Expression rest =
                new Expression.Repeat(
                        sequence(JsonSyntax.COMMA, others),
                        Math.max(0, least - size),
                        endless ? Expression.UNLIMITED : most - size);
        for (int i = size - 1; i >= 0; i--) {
            rest = sequence(i == 0 ? JsonSyntax.SPACE : JsonSyntax.COMMA, first.get(i), rest);
            rest = least > i ? rest : optional(rest);
        }
        return sequence(literal("["), rest, JsonSyntax.SPACE, literal("]"));
    }
}
