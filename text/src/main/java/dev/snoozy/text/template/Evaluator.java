package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions. */
final class Evaluator {
    private final Runtime runtime;
    private final Budget budget;

    /** The line of the expression evaluated last, for messages. */
    private int line;

    Evaluator(Runtime runtime) {
        this.runtime = runtime;
        this.budget = runtime.budget();
    }

    int line() {
        return line;
    }

    void at(int here) {
        line = here;
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value = dispatch(expression, scope);
        budget.leave();
        return value;
    }

    boolean test(Expression expression, Scope scope) {
        return Comparison.truth(evaluate(expression, scope));
    }

    private Object dispatch(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.TupleOf tuple -> new Tuple(all(tuple.items(), scope));
            case Expression.ListOf list -> all(list.items(), scope);
            case Expression.DictOf dict -> dict(dict, scope);
            case Expression.Negate negate ->
                    runtime.arithmetic().negate(evaluate(negate.operand(), scope));
            case Expression.Plus plus -> runtime.arithmetic().plus(evaluate(plus.operand(), scope));
            case Expression.Not not -> !test(not.operand(), scope);
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Comparison.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Comparison.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Binary binary -> {
                Object left = evaluate(binary.left(), scope);
                Object right = evaluate(binary.right(), scope);
                line = binary.line();
                yield runtime.arithmetic().apply(binary.operator(), left, right);
            }
            case Expression.Concatenation concatenation -> concatenate(concatenation, scope);
            case Expression.Comparisons comparisons -> compare(comparisons, scope);
            case Expression.Conditional conditional -> choose(conditional, scope);
            case Expression.Attribute attribute -> {
                Object target = evaluate(attribute.target(), scope);
                line = attribute.line();
                yield runtime.members().attribute(target, attribute.name());
            }
            case Expression.Item item -> {
                Object target = evaluate(item.target(), scope);
                Object index = evaluate(item.index(), scope);
                line = item.line();
                yield runtime.members().item(target, index);
            }
            case Expression.Slice slice -> {
                Object target = evaluate(slice.target(), scope);
                Object start = bound(slice.start(), scope);
                Object stop = bound(slice.stop(), scope);
                Object step = bound(slice.step(), scope);
                line = slice.line();
                yield runtime.members().slice(target, start, stop, step);
            }
            case Expression.Call call -> call(call, scope, Map.of());
            case Expression.Filter filter -> filter(filter, scope, "");
            case Expression.Test test -> {
                Object input = evaluate(test.input(), scope);
                Arguments arguments = arguments(test.parameters(), scope, Map.of());
                line = test.line();
                yield Tests.apply(test.name(), runtime, input, arguments);
            }
        };
    }

    private List<Object> all(List<Expression> expressions, Scope scope) {
        budget.elements(expressions.size());
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Dict dict(Expression.DictOf literal, Scope scope) {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Expression.Pair pair : literal.pairs()) {
            keys.add(evaluate(pair.key(), scope));
            values.add(evaluate(pair.value(), scope));
        }
        Dict dict = new Dict();
        for (int i = 0; i < keys.size(); i++) {
            dict.put(keys.get(i), values.get(i), budget);
        }
        return dict;
    }

    private Object bound(@Nullable Expression expression, Scope scope) {
        return expression == null ? None.NONE : evaluate(expression, scope);
    }

    private String concatenate(Expression.Concatenation concatenation, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expression part : concatenation.parts()) {
            String piece = runtime.text().str(evaluate(part, scope));
            budget.work(piece.length());
            budget.requireText((long) text.length() + piece.length());
            text.append(piece);
        }
        return text.toString();
    }

    private boolean compare(Expression.Comparisons comparisons, Scope scope) {
        Object left = evaluate(comparisons.first(), scope);
        for (Expression.Comparand other : comparisons.others()) {
            Object right = evaluate(other.operand(), scope);
            line = comparisons.line();
            if (!compare(other.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean compare(String operator, Object left, Object right) {
        Comparison comparison = runtime.comparison();
        return switch (operator) {
            case "==" -> comparison.equal(left, right);
            case "!=" -> !comparison.equal(left, right);
            case "in" -> comparison.contains(right, left);
            case "notin" -> !comparison.contains(right, left);
            default -> comparison.ordered(operator, left, right);
        };
    }

    private Object choose(Expression.Conditional conditional, Scope scope) {
        if (test(conditional.test(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        if (conditional.otherwise() != null) {
            return evaluate(conditional.otherwise(), scope);
        }
        return Undefined.because(
                "the inline if-expression on line %d evaluated to false and no else section was"
                                .formatted(conditional.line())
                        + " defined.");
    }

    /** Evaluates a call, with keyword arguments that are not written in it. */
    Object call(Expression.Call call, Scope scope, Map<String, Object> extra) {
        Object target = evaluate(call.target(), scope);
        Arguments arguments = arguments(call.parameters(), scope, extra);
        line = call.line();
        return runtime.call(target, arguments);
    }

    /** Applies a filter, to a block's text where the expression names no input. */
    Object filter(Expression.Filter filter, Scope scope, String block) {
        budget.enter();
        Object input =
                switch (filter.input()) {
                    case null -> block;
                    case Expression.Filter inner -> filter(inner, scope, block);
                    case Expression other -> evaluate(other, scope);
                };
        Arguments arguments = arguments(filter.parameters(), scope, Map.of());
        line = filter.line();
        Object result = Filters.apply(filter.name(), runtime, input, arguments);
        budget.leave();
        return result;
    }

    private Arguments arguments(
            Expression.Parameters parameters, Scope scope, Map<String, Object> extra) {
        if (parameters == Expression.Parameters.NONE && extra.isEmpty()) {
            return Arguments.NONE;
        }
        List<Object> positional = all(parameters.positional(), scope);
        Map<String, Object> keywords = new LinkedHashMap<>();
        for (Expression.Keyword keyword : parameters.keywords()) {
            keywords.put(keyword.name(), evaluate(keyword.value(), scope));
        }
        if (parameters.more() != null) {
            positional.addAll(runtime.iteration().list(evaluate(parameters.more(), scope)));
        }
        keywords.putAll(extra);
        if (parameters.moreKeywords() != null) {
            addKeywords(evaluate(parameters.moreKeywords(), scope), keywords);
        }
        return new Arguments(positional, keywords);
    }

    private void addKeywords(Object more, Map<String, Object> keywords) {
        if (!(more instanceof Dict dict)) {
            throw TemplateException.type(
                    "argument after ** must be a mapping, not " + Types.name(more));
        }
        budget.elements(dict.size());
        for (Object item : dict.items()) {
            List<?> pair = Types.items(item);
            if (!Types.isText(pair.getFirst())) {
                throw TemplateException.type("keywords must be strings");
            }
            String name = Types.text(pair.getFirst());
            if (keywords.put(name, pair.getLast()) != null) {
                throw TemplateException.type(
                        "got multiple values for keyword argument '" + name + "'");
            }
        }
    }
}
