package dev.snoozy.text.grammar;

import static dev.snoozy.text.grammar.Expression.literal;
import static dev.snoozy.text.grammar.Expression.sequence;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes values and characters as they stand in a JSON text. */
final class JsonText {
    private static final int FIRST_PLAIN = 0x20;

    private JsonText() {}

    /** A value as it was read from JSON; its objects and arrays may have white space in them. */
    static Expression value(@Nullable Object value) {
        return switch (value) {
            case null -> literal("null");
            case String text -> literal('"' + escaped(text) + '"');
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            default -> literal(value.toString()); // numbers, true and false
        };
    }

    private static Expression list(List<?> list) {
        if (list.isEmpty()) {
            return literal("[]");
        }
        List<Expression> parts = new ArrayList<>();
        for (Object element : list) {
            parts.add(
                    parts.isEmpty() ? sequence(literal("["), JsonSyntax.SPACE) : JsonSyntax.COMMA);
            parts.add(value(element));
        }
        parts.add(JsonSyntax.SPACE);
        parts.add(literal("]"));
        return new Expression.Sequence(parts);
    }

    private static Expression map(Map<?, ?> map) {
        List<Expression.Member> members = new ArrayList<>();
        map.forEach((name, value) ->
                members.add(new Expression.Member(member(name.toString(), value(value)), true)));
        return JsonSyntax.object(members, null);
    }

    /** A member of an object. */
    static Expression member(String name, Expression value) {
        return sequence(literal('"' + escaped(name) + '"'), JsonSyntax.COLON, value);
    }

    /** A value without white space. */
    static String compact(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> '"' + escaped(text) + '"';
            case List<?> list ->
                    "[" + String.join(",", list.stream().map(JsonText::compact).toList()) + "]";
            case Map<?, ?> map ->
                    "{"
                            + String.join(
                                    ",",
                                    map.entrySet().stream()
                                            .map(e ->
                                                    compact(e.getKey())
                                                            + ":"
                                                            + compact(e.getValue()))
                                            .toList())
                            + "}";
            default -> value.toString();
        };
    }

    /** A text as it stands between quotation marks. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(point -> out.append(escaped(point)));
        return out.toString();
    }

    private static String escaped(int point) {
        return switch (point) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> point < FIRST_PLAIN ? "\\u%04x".formatted(point) : Character.toString(point);
        };
    }

    /** What an expression over characters looks like between quotation marks. */
    static Expression escaped(Expression expression) {
        return switch (expression) {
            case Expression.Literal(String text) -> literal(escaped(text));
            case Expression.Characters(CodePoints set) -> escaped(set);
            case Expression.Sequence(List<Expression> parts) ->
                    new Expression.Sequence(parts.stream().map(JsonText::escaped).toList());
            case Expression.Choice(List<Expression> options) ->
                    new Expression.Choice(options.stream().map(JsonText::escaped).toList());
            case Expression.Repeat(Expression body, int least, int most) ->
                    new Expression.Repeat(escaped(body), least, most);
            default -> throw new IllegalArgumentException("no part of a regular expression");
        };
    }

    private static Expression escaped(CodePoints set) {
        List<Expression> options = new ArrayList<>();
        options.add(new Expression.Characters(set.and(JsonSyntax.PLAIN)));
        for (CodePoints.Range range : set.without(JsonSyntax.PLAIN).ranges()) {
            for (int point = range.first(); point <= range.last(); point++) {
                options.add(literal(escaped(point)));
            }
        }
        return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
    }
}
