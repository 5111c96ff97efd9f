package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The direct parts of an expression. */
final class Children {
    private Children() {}

    static List<Expression> of(Expression expression) {
        List<Expression> parts = new ArrayList<>();
        switch (expression) {
            case Expression.Constant ignored -> {}
            case Expression.Name ignored -> {}
            case Expression.TupleOf tuple -> parts.addAll(tuple.items());
            case Expression.ListOf list -> parts.addAll(list.items());
            case Expression.DictOf dict ->
                    dict.pairs()
                            .forEach(pair -> {
                                parts.add(pair.key());
                                parts.add(pair.value());
                            });
            case Expression.Negate negate -> parts.add(negate.operand());
            case Expression.Plus plus -> parts.add(plus.operand());
            case Expression.Not not -> parts.add(not.operand());
            case Expression.And and -> add(parts, and.left(), and.right());
            case Expression.Or or -> add(parts, or.left(), or.right());
            case Expression.Binary binary -> add(parts, binary.left(), binary.right());
            case Expression.Concatenation text -> parts.addAll(text.parts());
            case Expression.Comparisons chain -> {
                parts.add(chain.first());
                chain.others().forEach(other -> parts.add(other.operand()));
            }
            case Expression.Conditional conditional ->
                    add(parts, conditional.test(), conditional.then(), conditional.otherwise());
            case Expression.Attribute attribute -> parts.add(attribute.target());
            case Expression.Item item -> add(parts, item.target(), item.index());
            case Expression.Slice slice ->
                    add(parts, slice.target(), slice.start(), slice.stop(), slice.step());
            case Expression.Call call -> {
                parts.add(call.target());
                add(parts, call.parameters());
            }
            case Expression.Filter filter -> {
                add(parts, filter.input());
                add(parts, filter.parameters());
            }
            case Expression.Test test -> {
                parts.add(test.input());
                add(parts, test.parameters());
            }
        }
        return parts;
    }

    private static void add(List<Expression> parts, @Nullable Expression... more) {
        for (Expression part : more) {
            if (part != null) {
                parts.add(part);
            }
        }
    }

    private static void add(List<Expression> parts, Expression.Parameters parameters) {
        parts.addAll(parameters.positional());
        parameters.keywords().forEach(keyword -> parts.add(keyword.value()));
        add(parts, parameters.more(), parameters.moreKeywords());
    }
}
