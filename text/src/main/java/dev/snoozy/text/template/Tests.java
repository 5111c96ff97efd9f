package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The tests that {@code is} applies. */
final class Tests {
    /** Decides about a value; the arguments follow it. */
    private interface Body {
        boolean apply(Runtime runtime, Object value, Arguments arguments);
    }

    /** Decides about a value alone. */
    private interface Simple {
        boolean apply(Object value);
    }

    /** Decides about a value and another. */
    private interface Relation {
        boolean apply(Runtime runtime, Object left, Object right);
    }

    private static final Map<String, Body> ALL = new HashMap<>();

    static {
        add("defined", value -> !(value instanceof Undefined));
        add("undefined", value -> value instanceof Undefined);
        add("none", value -> value == None.NONE);
        add("boolean", value -> value instanceof Boolean);
        add("true", value -> Boolean.TRUE.equals(value));
        add("false", value -> Boolean.FALSE.equals(value));
        add("integer", value -> Types.isInteger(value) && !(value instanceof Boolean));
        add("float", value -> value instanceof Double);
        add("number", Types::isNumber);
        add("string", Types::isText);
        add("mapping", value -> value instanceof Dict);
        add("iterable", Iteration::isIterable);
        add("sequence", value -> Iteration.isSized(value) && !isUnindexed(value));
        add("callable", value -> value instanceof Callable || value instanceof Undefined);
        add("escaped", value -> value instanceof Markup);
        relate("divisibleby", (runtime, left, right) -> isRemainder(runtime, left, right, 0));
        ALL.put("even", (runtime, value, none) -> isRemainder(runtime, value, 2L, 0));
        ALL.put("odd", (runtime, value, none) -> isRemainder(runtime, value, 2L, 1));
        ALL.put("lower", (runtime, value, none) -> isCased(runtime, value, "islower"));
        ALL.put("upper", (runtime, value, none) -> isCased(runtime, value, "isupper"));
        ALL.put("filter", (runtime, value, none) -> Filters.exists(name(value, runtime)));
        ALL.put("test", (runtime, value, none) -> exists(name(value, runtime)));
        relate("sameas", (runtime, left, right) -> isSame(runtime, left, right));
        relate("in", (runtime, left, right) -> runtime.comparison().contains(right, left));
        relate("eq", (runtime, left, right) -> runtime.comparison().equal(left, right));
        relate("ne", (runtime, left, right) -> !runtime.comparison().equal(left, right));
        order("lt", "<");
        order("le", "<=");
        order("gt", ">");
        order("ge", ">=");
        alias("equalto", "eq");
        alias("==", "eq");
        alias("!=", "ne");
        alias("lessthan", "lt");
        alias("<", "lt");
        alias("<=", "le");
        alias("greaterthan", "gt");
        alias(">", "gt");
        alias(">=", "ge");
    }

    private Tests() {}

    private static void add(String name, Simple test) {
        ALL.put(
                name,
                (runtime, value, arguments) -> {
                    arguments.positional(name, 0, 0);
                    return test.apply(value);
                });
    }

    private static void relate(String name, Relation test) {
        ALL.put(
                name,
                (runtime, value, arguments) ->
                        test.apply(runtime, value, arguments.positional(name, 1, 1).getFirst()));
    }

    private static void order(String name, String operator) {
        relate(name, (runtime, left, right) -> runtime.comparison().ordered(operator, left, right));
    }

    private static void alias(String name, String other) {
        Body body = ALL.get(other);
        if (body != null) {
            ALL.put(name, body);
        }
    }

    static boolean exists(@Nullable String name) {
        return name != null && ALL.containsKey(name);
    }

    static boolean apply(String name, Runtime runtime, Object value, Arguments arguments) {
        Body test = ALL.get(name);
        if (test == null) {
            throw TemplateException.raised("No test named '" + name + "' found.");
        }
        return test.apply(runtime, value, arguments);
    }

    private static boolean isUnindexed(Object value) {
        return value instanceof DictView || value instanceof LoopContext;
    }

    private static boolean isRemainder(Runtime runtime, Object value, Object by, long expected) {
        Object rest = runtime.arithmetic().apply("%", value, by);
        return runtime.comparison().equal(rest, expected);
    }

    private static boolean isCased(Runtime runtime, Object value, String method) {
        String text = runtime.text().str(value);
        return Comparison.truth(StringMethods.invoke(text, method, Arguments.NONE, runtime));
    }

    private static @Nullable String name(Object value, Runtime runtime) {
        Dict.hashed(value, runtime.budget());
        return Types.isText(value) ? Types.text(value) : null;
    }

    /** The same object; scalars are the same where they are equal and of one type. */
    private static boolean isSame(Runtime runtime, Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            runtime.budget().work(Math.min(a.length(), b.length()));
        }
        boolean scalar =
                Types.isNumber(left) || left instanceof String || left instanceof Undefined;
        return scalar ? left.equals(right) : left == right;
    }
}
