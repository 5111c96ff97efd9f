package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** An expression of a template. */
sealed interface Expression {
    int line();

    record Constant(Object value, int line) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record TupleOf(List<Expression> items, int line) implements Expression {}

    record ListOf(List<Expression> items, int line) implements Expression {}

    record DictOf(List<Pair> pairs, int line) implements Expression {}

    /** A key and its value. */
    record Pair(Expression key, Expression value) {}

    record Negate(Expression operand, int line) implements Expression {}

    record Plus(Expression operand, int line) implements Expression {}

    record Not(Expression operand, int line) implements Expression {}

    record And(Expression left, Expression right, int line) implements Expression {}

    record Or(Expression left, Expression right, int line) implements Expression {}

    /** An arithmetic operation, by its operator. */
    record Binary(String operator, Expression left, Expression right, int line)
            implements Expression {}

    /** Strings joined by {@code ~}. */
    record Concatenation(List<Expression> parts, int line) implements Expression {}

    /** A chain of comparisons, each between neighbours. */
    record Comparisons(Expression first, List<Comparand> others, int line) implements Expression {}

    /** An operator, one of == != < <= > >= in notin, and its right operand. */
    record Comparand(String operator, Expression operand) {}

    record Conditional(Expression test, Expression then, @Nullable Expression otherwise, int line)
            implements Expression {}

    record Attribute(Expression target, String name, int line) implements Expression {}

    record Item(Expression target, Expression index, int line) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step,
            int line)
            implements Expression {}

    record Call(Expression target, Parameters parameters, int line) implements Expression {}

    /** A filter; the input is missing where the filter applies to a block's text. */
    record Filter(@Nullable Expression input, String name, Parameters parameters, int line)
            implements Expression {}

    record Test(Expression input, String name, Parameters parameters, int line)
            implements Expression {}

    /** The arguments of a call, as written. */
    record Parameters(
            List<Expression> positional,
            List<Keyword> keywords,
            @Nullable Expression more,
            @Nullable Expression moreKeywords) {
        static final Parameters NONE = new Parameters(List.of(), List.of(), null, null);
    }

    record Keyword(String name, Expression value) {}
}
