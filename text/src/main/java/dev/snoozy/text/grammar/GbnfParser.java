package dev.snoozy.text.grammar;

import dev.snoozy.text.grammar.Expression.Rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads GBNF, llama.cpp's notation for grammars ({@code grammars/README.md} there): rules of
 * alternatives of sequences; literals, classes, {@code .}, groups, repetitions, comments.
 */
final class GbnfParser {
    private static final String ROOT = "root";

    private final Source in;
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, Integer> firstUse = new HashMap<>();
    private final Map<String, Integer> defined = new HashMap<>();
    private int depth;

    GbnfParser(String source) {
        in = new Source("grammar", source);
    }

    /** The rule {@code root}. */
    Expression parse() {
        skipSpace(true);
        while (in.peek() != Source.END) {
            rule();
            skipSpace(true);
        }
        firstUse.forEach((name, place) -> {
            if (!defined.containsKey(name)) {
                throw in.wrong(
                        place,
                        "the rule \"" + name + "\", which is not defined",
                        "one of " + shortened(defined.keySet().stream().sorted().toList()));
            }
        });
        if (!defined.containsKey(ROOT)) {
            throw in.wrong(in.place(), "no rule \"root\"", "one, which says what a text is");
        }
        return new Expression.Call(rule(ROOT));
    }

    private static String shortened(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(10, names.size())));
    }

    private Rule rule(String name) {
        return rules.computeIfAbsent(name, Rule::new);
    }

    private void rule() {
        int place = in.place();
        String name = name("the name of a rule");
        skipSpace(false);
        if (!in.take("::=")) {
            throw in.wrong(in.place(), in.found(), "::= behind the name of a rule");
        }
        if (defined.put(name, place) != null) {
            throw in.wrong(place, "the rule \"" + name + "\" a second time", "it only once");
        }
        skipSpace(true);
        rule(name).define(alternatives(false));
        skipSpace(false);
        if (in.peek() != Source.END && in.peek() != '\n' && in.peek() != '\r') {
            throw in.wrong(in.place(), in.found(), "the end of the rule");
        }
    }

    private Expression alternatives(boolean grouped) {
        List<Expression> options = new ArrayList<>();
        options.add(sequence(grouped));
        while (takeBar()) {
            skipSpace(true);
            options.add(sequence(grouped));
        }
        return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
    }

    /** Takes the mark of a further alternative, which may also begin a line. */
    private boolean takeBar() {
        int place = in.place();
        skipSpace(true);
        boolean taken = in.take('|');
        if (!taken) {
            in.moveTo(place);
        }
        return taken;
    }

    private Expression sequence(boolean grouped) {
        List<Expression> parts = new ArrayList<>();
        while (true) {
            int point = in.peek();
            if (point == '"') {
                parts.add(Expression.literal(literal()));
            } else if (point == '[') {
                parts.add(new Expression.Characters(characters()));
            } else if (point == '.') {
                in.next();
                parts.add(new Expression.Characters(CodePoints.ANY));
            } else if (point == '(') {
                parts.add(group());
            } else if (isNameCharacter(point)) {
                int place = in.place();
                String name = name("a rule");
                firstUse.putIfAbsent(name, place);
                parts.add(new Expression.Call(rule(name)));
            } else if (point == '*' || point == '+' || point == '?' || point == '{') {
                repeat(parts);
            } else if (point == '<' || point == '!') {
                throw in.wrong(
                        in.place(),
                        in.found() + ", which begins a token",
                        "no tokens, as they are not supported; cure: the token's text");
            } else {
                return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
            }
            skipSpace(grouped);
        }
    }

    private Expression group() {
        int place = in.place();
        in.next();
        if (++depth > Limits.NESTING) {
            throw in.wrong(place, "more than " + Limits.NESTING + " groups in each other", "fewer");
        }
        skipSpace(true);
        Expression body = alternatives(true);
        in.expect(')', "at the end of a group");
        depth--;
        return body;
    }

    private void repeat(List<Expression> parts) {
        int place = in.place();
        if (parts.isEmpty()) {
            throw in.wrong(place, in.found(), "something before it to repeat");
        }
        Expression body = parts.removeLast();
        parts.add(
                switch (in.next()) {
                    case '*' -> new Expression.Repeat(body, 0, Expression.UNLIMITED);
                    case '+' -> new Expression.Repeat(body, 1, Expression.UNLIMITED);
                    case '?' -> new Expression.Repeat(body, 0, 1);
                    default -> in.repeated(body, place);
                });
    }

    private String literal() {
        int place = in.place();
        in.next();
        StringBuilder text = new StringBuilder();
        while (!in.take('"')) {
            text.appendCodePoint(character(place, "a quotation mark at the end of the text"));
        }
        return text.toString();
    }

    private CodePoints characters() {
        int place = in.place();
        in.next();
        boolean negated = in.take('^');
        List<CodePoints.Range> ranges = new ArrayList<>();
        String end = "']' at the end of the class";
        while (!in.take(']')) {
            int from = in.place();
            int first = character(place, end);
            int last = first;
            if (in.peek() == '-' && in.peek(1) != ']') {
                in.next();
                last = character(place, end);
            }
            if (last < first) {
                throw in.wrong(
                        from, "the range " + in.since(from), "its first character before its last");
            }
            ranges.add(new CodePoints.Range(first, last));
        }
        CodePoints set = CodePoints.of(ranges);
        return negated ? set.complement() : set;
    }

    /** One character of a literal or a class, which may be escaped. */
    private int character(int opened, String end) {
        int place = in.place();
        int point = in.next();
        if (point == Source.END || point == '\n' || point == '\r') {
            in.moveTo(place);
            throw in.wrong(opened, "a text or class without end", end);
        }
        if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
            throw in.wrong(place, "half a surrogate pair", "whole characters");
        }
        if (point != '\\') {
            return point;
        }
        int escaped = in.next();
        return switch (escaped) {
            case 'x' -> in.hex(2);
            case 'u' -> in.hex(4);
            case 'U' -> in.hex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']', '-', '^' -> escaped;
            default -> {
                in.moveTo(place);
                throw in.wrong(
                        place,
                        "an unknown escape",
                        "one of \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\^ \\x \\u \\U");
            }
        };
    }

    private String name(String expected) {
        int place = in.place();
        while (isNameCharacter(in.peek())) {
            in.next();
        }
        if (in.place() == place) {
            throw in.wrong(place, in.found(), expected);
        }
        return in.since(place);
    }

    private static boolean isNameCharacter(int point) {
        return point >= 'a' && point <= 'z'
                || point >= 'A' && point <= 'Z'
                || point >= '0' && point <= '9'
                || point == '-'
                || point == '_';
    }

    /** Skips spaces and comments, and the ends of lines if they mean nothing here. */
    private void skipSpace(boolean lines) {
        while (true) {
            int point = in.peek();
            if (point == '#') {
                while (in.peek() != Source.END && in.peek() != '\n' && in.peek() != '\r') {
                    in.next();
                }
            } else if (point == ' ' || point == '\t' || lines && (point == '\n' || point == '\r')) {
                in.next();
            } else {
                return;
            }
        }
    }
}
