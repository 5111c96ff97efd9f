package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** Filters on numbers. */
final class NumberFilters {
    private static final String UNITS = "kMGTPEZY";

    private NumberFilters() {}

    static void addTo(Map<String, Filters.Body> filters) {
        filters.put("abs", NumberFilters::abs);
        filters.put("int", NumberFilters::toInteger);
        filters.put("float", NumberFilters::toFloat);
        filters.put("round", NumberFilters::round);
        filters.put("filesizeformat", NumberFilters::fileSize);
    }

    private static Object abs(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("abs", 0, 0);
        if (!Types.isNumber(value)) {
            throw TemplateException.type("bad operand type for abs(): '" + Types.name(value) + "'");
        }
        return value instanceof Double number
                ? (Object) Math.abs(number)
                : Numbers.of(Numbers.big(value).abs());
    }

    private static Object toInteger(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("int", "default", "base");
        Object otherwise = bound.optional(0, 0L);
        switch (value) {
            case Undefined undefined -> throw undefined.error();
            case Double number -> {
                return Double.isNaN(number) ? otherwise : Numbers.toInteger(number);
            }
            default -> {}
        }
        if (Types.isInteger(value)) {
            return Numbers.of(Numbers.big(value));
        }
        if (!Types.isText(value)) {
            return otherwise;
        }
        String text = Types.text(value);
        runtime.budget().work(text.length());
        long base = Numbers.index(bound.optional(1, 10L), "base");
        Object parsed = NumberText.integer(text, base);
        if (parsed != null) {
            return parsed;
        }
        Double number = NumberText.floating(text);
        if (number == null || number.isNaN() || number.isInfinite()) {
            return otherwise;
        }
        return Numbers.toInteger(number);
    }

    private static Object toFloat(Runtime runtime, Object value, Arguments arguments) {
        Object otherwise = arguments.bind("float", "default").optional(0, 0.0);
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (Types.isNumber(value)) {
            return Numbers.toDouble(value);
        }
        if (!Types.isText(value)) {
            return otherwise;
        }
        runtime.budget().work(Types.text(value).length());
        Double number = NumberText.floating(Types.text(value));
        return number == null ? otherwise : number;
    }

    private static Object round(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("round", "precision", "method");
        Object method = bound.optional(1, "common");
        Object precision = bound.optional(0, 0L);
        if (!Types.isText(method)
                || !java.util.Set.of("common", "ceil", "floor").contains(Types.text(method))) {
            throw TemplateException.raised("method must be common, ceil or floor");
        }
        if (Types.text(method).equals("common")) {
            return rounded(value, precision == None.NONE ? null : precision);
        }
        Arithmetic arithmetic = runtime.arithmetic();
        Object factor = arithmetic.apply("**", 10L, precision);
        Object scaled = arithmetic.apply("*", value, factor);
        Object whole = scaled;
        if (scaled instanceof Double number) {
            boolean up = Types.text(method).equals("ceil");
            whole = Numbers.toInteger(up ? Math.ceil(number) : Math.floor(number));
        }
        return arithmetic.apply("/", whole, factor);
    }

    private static Object rounded(Object value, @Nullable Object precision) {
        if (!Types.isNumber(value)) {
            throw TemplateException.type(
                    "type %s doesn't define __round__ method".formatted(Types.name(value)));
        }
        long digits = precision == null ? 0 : Numbers.index(precision, "precision");
        if (value instanceof Double number) {
            if (number.isNaN() || number.isInfinite()) {
                return precision == null ? Numbers.toInteger(number) : number;
            }
            int scale = (int) Math.clamp(digits, -400, 1100);
            double result =
                    new BigDecimal(number).setScale(scale, RoundingMode.HALF_EVEN).doubleValue();
            return precision == null
                    ? Numbers.toInteger(result)
                    : (Object) Math.copySign(result, number);
        }
        BigInteger integer = Numbers.big(value);
        if (digits >= 0) {
            return Numbers.of(integer);
        }
        int scale = (int) Math.max(digits, -Numbers.MOST_DIGITS);
        return Numbers.of(
                new BigDecimal(integer).setScale(scale, RoundingMode.HALF_EVEN).toBigInteger());
    }

    private static Object fileSize(Runtime runtime, Object value, Arguments arguments) {
        boolean binary =
                Comparison.truth(arguments.bind("filesizeformat", "binary").optional(0, false));
        Double size =
                value instanceof Undefined || !Types.isText(value)
                        ? (Double) toFloat(runtime, value, Arguments.NONE)
                        : NumberText.floating(Types.text(value));
        if (size == null || !Types.isText(value) && !Types.isNumber(value)) {
            throw TemplateException.value("could not convert to float");
        }
        double base = binary ? 1024 : 1000;
        if (size == 1) {
            return "1 Byte";
        }
        if (size < base) {
            return runtime.text().str(Numbers.toInteger(size)) + " Bytes";
        }
        double unit = base;
        int index = 0;
        while (index < UNITS.length() - 1 && size >= unit * base) {
            unit *= base;
            index++;
        }
        String prefix = UNITS.substring(index, index + 1);
        return FloatText.format(size / unit, 'f', 1, false)
                + " "
                + (binary ? prefix.toUpperCase(Locale.ROOT) + "iB" : prefix + "B");
    }
}
