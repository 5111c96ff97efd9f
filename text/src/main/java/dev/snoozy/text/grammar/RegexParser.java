package dev.snoozy.text.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions: the part of ECMA-262's that describes regular languages. Everything
 * else is refused by its name.
 */
final class RegexParser {
    private static final CodePoints ANY_IN_LINE = CodePoints.of("\n\r\u2028\u2029").complement();

    private final Source in;
    private final boolean search;
    private int depth;

    private RegexParser(String pattern, boolean search) {
        in = new Source("regular expression", pattern);
        this.search = search;
    }

    /** What matches the pattern as a whole. */
    static Expression whole(String pattern) {
        return new RegexParser(pattern, false).parse();
    }

    /** What has the pattern somewhere in it, unless {@code ^} and {@code $} say where. */
    static Expression anywhere(String pattern) {
        return new RegexParser(pattern, true).parse();
    }

    private Expression parse() {
        Expression all = alternatives(true);
        if (in.peek() != Source.END) {
            throw in.wrong(in.place(), in.found(), "a group to be open before it is closed");
        }
        return all;
    }

    private Expression alternatives(boolean outermost) {
        List<Expression> options = new ArrayList<>();
        do {
            options.add(outermost ? anchored() : sequence());
        } while (in.take('|'));
        return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
    }

    /** An alternative that may say that it begins and ends with the text. */
    private Expression anchored() {
        Expression any =
                new Expression.Repeat(
                        new Expression.Characters(CodePoints.ANY), 0, Expression.UNLIMITED);
        boolean first = in.take('^');
        Expression body = sequence();
        boolean last = in.take('$');
        if (in.peek() != Source.END && in.peek() != '|' && in.peek() != ')') {
            throw misplaced();
        }
        if (!search) {
            return body;
        }
        return Expression.sequence(
                first ? Expression.EMPTY : any, body, last ? Expression.EMPTY : any);
    }

    private Expression sequence() {
        List<Expression> parts = new ArrayList<>();
        while (true) {
            int point = in.peek();
            switch (point) {
                case Source.END, '|', ')', '$' -> {
                    if (point == '$' && depth > 0) {
                        throw misplaced();
                    }
                    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
                }
                case '^' -> throw misplaced();
                case '*', '+', '?', '{' ->
                        throw in.wrong(in.place(), in.found(), "something before it to repeat");
                default -> parts.add(repeated(atom()));
            }
        }
    }

    private RuntimeException misplaced() {
        return in.wrong(
                in.place(),
                in.found() + " inside the expression",
                "^ only at the beginning and $ only at the end of an outermost alternative; cure:"
                        + " write \\^ or \\$ for the character");
    }

    private Expression repeated(Expression body) {
        int place = in.place();
        Expression result = body;
        switch (in.peek()) {
            case '*' -> result = new Expression.Repeat(body, 0, Expression.UNLIMITED);
            case '+' -> result = new Expression.Repeat(body, 1, Expression.UNLIMITED);
            case '?' -> result = new Expression.Repeat(body, 0, 1);
            case '{' -> {
                in.next();
                result = in.repeated(body, place);
                return lazy(result);
            }
            default -> {
                return body;
            }
        }
        in.next();
        return lazy(result);
    }

    /** Whether few or many repetitions are tried first makes no difference to what is allowed. */
    private Expression lazy(Expression repeat) {
        in.take('?');
        if (in.peek() == '+') {
            throw unsupported(in.place(), "a possessive repetition");
        }
        if (in.peek() == '*' || in.peek() == '?' || in.peek() == '{') {
            throw in.wrong(in.place(), in.found(), "one repetition only; cure: a group around it");
        }
        return repeat;
    }

    private Expression atom() {
        int place = in.place();
        int point = in.next();
        return switch (point) {
            case '(' -> group(place);
            case '[' -> new Expression.Characters(set(place));
            case '.' -> new Expression.Characters(ANY_IN_LINE);
            case '\\' -> {
                CodePoints known = RegexClasses.named(in, place);
                if (known != null) {
                    yield new Expression.Characters(known);
                }
                yield single(place, escaped(place));
            }
            case ']', '}' -> {
                in.moveTo(place);
                throw in.wrong(place, in.found(), "\\ before it, where it is meant as it stands");
            }
            default -> single(place, point);
        };
    }

    private Expression single(int place, int point) {
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            throw in.wrong(place, "half a surrogate pair", "whole characters");
        }
        return Expression.literal(Character.toString(point));
    }

    private Expression group(int place) {
        if (in.take('?')) {
            if (in.peek() == '=' || in.peek() == '!') {
                throw unsupported(place, "a lookahead");
            }
            if (in.peek() == '<' && (in.peek(1) == '=' || in.peek(1) == '!')) {
                throw unsupported(place, "a lookbehind");
            }
            if (in.peek() == '>') {
                throw unsupported(place, "an atomic group");
            }
            if (!in.take(':')) {
                name(place);
            }
        }
        if (++depth > Limits.NESTING) {
            throw in.wrong(place, "more than " + Limits.NESTING + " groups in each other", "fewer");
        }
        Expression body = alternatives(false);
        if (!in.take(')')) {
            throw in.wrong(place, "a group without end", "')'");
        }
        depth--;
        return body;
    }

    private void name(int place) {
        in.take('P');
        if (!in.take('<')) {
            throw unsupported(place, "flags in a group");
        }
        while (!in.take('>')) {
            if (in.next() == Source.END) {
                throw in.wrong(place, "the name of a group without end", "'>'");
            }
        }
    }

    private CodePoints set(int opened) {
        boolean negated = in.take('^');
        List<CodePoints.Range> ranges = new ArrayList<>();
        CodePoints set = CodePoints.of(ranges);
        while (!in.take(']')) {
            int place = in.place();
            int first = in.next();
            if (first == Source.END) {
                throw in.wrong(opened, "a class without end", "']'");
            }
            if (first == '[' || first == '&' && in.peek() == '&') {
                throw in.wrong(
                        place,
                        "'"
                                + Character.toString(first)
                                + "', which some read as a class in a class",
                        "\\ before it, where it is meant as it stands");
            }
            CodePoints known = first == '\\' ? RegexClasses.named(in, place) : null;
            if (known != null) {
                set = set.or(known);
                continue;
            }
            first = first == '\\' ? escaped(place) : first;
            int last = first;
            if (in.peek() == '-' && in.peek(1) != ']') {
                in.next();
                int end = in.place();
                last = in.next();
                if (last == '\\') {
                    if (RegexClasses.named(in, end) != null) {
                        throw in.wrong(end, "a class as the end of a range", "a character");
                    }
                    last = escaped(end);
                }
            }
            if (last < first) {
                throw in.wrong(
                        place,
                        "the range " + in.since(place),
                        "its first character before its last");
            }
            ranges.add(new CodePoints.Range(first, last));
        }
        CodePoints all = set.or(CodePoints.of(ranges));
        return negated ? all.complement() : all;
    }

    /** A character behind a backslash. */
    private int escaped(int place) {
        int point = in.next();
        switch (point) {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\u000B';
            case 'x':
                return in.hex(2);
            case 'u':
                return in.take('{') ? in.hexInBraces() : in.hex(4);
            case 'b', 'B':
                throw unsupported(place, "a word boundary");
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k':
                throw unsupported(place, "a back reference or a number of a character");
            case Source.END:
                throw in.wrong(place, "a backslash at the end", "a character behind it");
            default:
                boolean letter = point >= 'a' && point <= 'z' || point >= 'A' && point <= 'Z';
                if (letter) {
                    throw unsupported(place, "the escape \\" + Character.toString(point));
                }
                return point;
        }
    }

    private RuntimeException unsupported(int place, String what) {
        return in.wrong(place, what + ", which is not supported", "an expression without it");
    }
}
