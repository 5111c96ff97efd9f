package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a part of a grammar allows, before it is compiled. Immutable but for the rules. */
sealed interface Expression {
    /** For {@link Repeat#most()}: any number of times. */
    int UNLIMITED = Integer.MAX_VALUE;

    /** Nothing. */
    Expression EMPTY = new Sequence(List.of());

    /** No text at all, not even an empty one. */
    Expression IMPOSSIBLE = new Characters(CodePoints.of(""));

    /** A text as it stands, of whole characters. */
    record Literal(String text) implements Expression {}

    /** One character of a set; an empty set allows no text at all. */
    record Characters(CodePoints set) implements Expression {}

    /** One after the other. */
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of several. */
    record Choice(List<Expression> options) implements Expression {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /** From {@code least} to {@code most} times. */
    record Repeat(Expression body, int least, int most) implements Expression {}

    /** What a rule says; the only way to recursion. */
    record Call(Rule rule) implements Expression {}

    /**
     * Items in their order, separated, of which some may be left out.
     *
     * @param first stands before the first item that is there
     * @param separator stands between two items
     * @param last stands behind the last item, if there is one
     * @param more what may follow any number of times as further items
     */
    record Members(
            List<Member> members,
            Expression first,
            Expression separator,
            Expression last,
            @Nullable Expression more)
            implements Expression {
        public Members {
            members = List.copyOf(members);
        }
    }

    /** An item of {@link Members}. */
    record Member(Expression item, boolean required) {}

    /** Any text of some characters that is none of the names. */
    record OtherThan(List<String> names, CodePoints characters) implements Expression {
        public OtherThan {
            names = List.copyOf(names);
        }
    }

    /** Integers that a number divides, with a minus before or without, also with leading zeros. */
    record MultipleOf(int divisor) implements Expression {}

    /** What both allow. Neither may call a rule. */
    record Both(Expression one, Expression other) implements Expression {}

    /** Any bytes, until one of the texts stands there; behind the first of them, the body. */
    record FreeUntil(List<String> texts, Expression body) implements Expression {
        public FreeUntil {
            texts = List.copyOf(texts);
        }
    }

    /** A named part that may be called, also by itself. Filled once, before it is compiled. */
    final class Rule {
        private final String name;
        private @Nullable Expression body;

        Rule(String name) {
            this.name = name;
        }

        Rule(String name, Expression body) {
            this.name = name;
            this.body = body;
        }

        String name() {
            return name;
        }

        void define(Expression expression) {
            body = expression;
        }

        Expression body() {
            Expression defined = body;
            if (defined == null) {
                throw new TextException("rule \"" + name + "\": expected a definition, found none");
            }
            return defined;
        }
    }

    static Expression literal(String text) {
        return new Literal(text);
    }

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression choice(Expression... options) {
        return new Choice(List.of(options));
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    static Expression any(Expression body) {
        return new Repeat(body, 0, UNLIMITED);
    }

    static Expression upTo(int most, Expression body) {
        return new Repeat(body, 0, most);
    }

    static Expression call(String name, Expression body) {
        return new Call(new Rule(name, body));
    }

    static Expression characters(String listed) {
        return new Characters(CodePoints.of(listed));
    }

    static Expression range(int first, int last) {
        return new Characters(CodePoints.range(first, last));
    }
}
