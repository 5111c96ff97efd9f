package dev.snoozy.text.grammar;

import dev.snoozy.text.grammar.NumberRanges.Bound;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;

/** Numbers of JSON Schema. */
final class SchemaNumbers {
    /** Beyond these, JSON readers lose digits. */
    private static final BigDecimal MOST_INTEGER =
            BigDecimal.TEN.pow(JsonSyntax.INTEGER_DIGITS).subtract(BigDecimal.ONE);

    private static final BigDecimal MOST_DECIMAL =
            BigDecimal.TEN.pow(JsonSyntax.DECIMAL_DIGITS).subtract(BigDecimal.ONE);

    private static final int MOST_DIVISOR = 1000;

    /** The formats of OpenAPI for integers, with how large a number is in them at most. */
    private static final Map<String, BigDecimal> INTEGER_FORMATS =
            Map.of(
                    "int32", BigDecimal.valueOf(Integer.MAX_VALUE),
                    "int64", BigDecimal.valueOf(Long.MAX_VALUE));

    /** Those for numbers: no number that is written here is too large for them. */
    private static final Set<String> NUMBER_FORMATS = Set.of("float", "double");

    private SchemaNumbers() {}

    static Expression compile(Schema schema, boolean integer) {
        Bound least = bound(schema, "minimum", "exclusiveMinimum", false);
        Bound most = bound(schema, "maximum", "exclusiveMaximum", true);
        BigDecimal largest = largest(schema, integer);
        if (largest != null) {
            Bound first = new Bound(largest.negate().subtract(BigDecimal.ONE), false);
            least = stricter(least, first, false);
            most = stricter(most, new Bound(largest, false), true);
        }
        BigDecimal step = schema.number("multipleOf");
        if (step != null && step.signum() <= 0) {
            throw Schema.wrong(
                    schema.at("multipleOf"), step.toPlainString(), "a number larger than 0");
        }
        if (least == null && most == null && step == null) {
            return integer ? JsonSyntax.INTEGER : JsonSyntax.NUMBER;
        }
        int digits = digits(step);
        boolean whole = integer || digits < 0;
        BigDecimal limit = whole ? MOST_INTEGER : MOST_DECIMAL;
        Bound from = least == null ? new Bound(limit.negate(), false) : least;
        Bound to = most == null ? new Bound(limit, false) : most;
        if (from.value().compareTo(to.value()) > 0) {
            throw Schema.wrong(
                    schema.place(),
                    "numbers from "
                            + from.value().toPlainString()
                            + " to "
                            + to.value().toPlainString(),
                    "a first bound of at most "
                            + limit.toPlainString()
                            + ", and not larger than the second");
        }
        if (!whole) {
            return NumberRanges.decimals(from, to, digits);
        }
        Expression integers = NumberRanges.integers(first(from), last(to));
        BigDecimal divisor = integer ? wholeStep(step) : step;
        return divisor == null || divisor.compareTo(BigDecimal.ONE) == 0
                ? integers
                : new Expression.Both(integers, multiples(schema, divisor));
    }

    /** The largest number of the schema's format; null if there is none. */
    private static @Nullable BigDecimal largest(Schema schema, boolean integer) {
        if (!schema.has("format")) {
            return null;
        }
        String format = schema.string("format");
        if (integer ? !INTEGER_FORMATS.containsKey(format) : !NUMBER_FORMATS.contains(format)) {
            throw Schema.wrong(
                    schema.at("format"),
                    "the format \"" + format + "\" of " + (integer ? "an integer" : "a number"),
                    (integer ? "int32 or int64" : "float or double") + ", or bounds");
        }
        return INTEGER_FORMATS.get(format);
    }

    /** Digits behind the point for a step of 0.1, 0.01 and so on, or none; -1 for others. */
    private static int digits(@Nullable BigDecimal step) {
        if (step == null) {
            return JsonSyntax.DECIMAL_DIGITS;
        }
        BigDecimal plain = step.stripTrailingZeros();
        boolean power = plain.unscaledValue().equals(BigInteger.ONE);
        return power && plain.scale() > 0 && plain.scale() <= JsonSyntax.DECIMAL_DIGITS
                ? plain.scale()
                : -1;
    }

    /** Every integer is a multiple of 0.1, 0.01 and so on. */
    private static @Nullable BigDecimal wholeStep(@Nullable BigDecimal step) {
        return step != null && digits(step) > 0 ? null : step;
    }

    private static Expression multiples(Schema schema, BigDecimal step) {
        BigDecimal plain = step.stripTrailingZeros();
        if (plain.scale() > 0 || plain.compareTo(BigDecimal.valueOf(MOST_DIVISOR)) > 0) {
            throw Schema.wrong(
                    schema.at("multipleOf"),
                    step.toPlainString(),
                    "an integer of at most " + MOST_DIVISOR + ", or 0.1, 0.01 and so on");
        }
        return new Expression.MultipleOf(plain.intValueExact());
    }

    private static BigInteger first(Bound bound) {
        BigInteger least = bound.value().setScale(0, RoundingMode.CEILING).toBigInteger();
        boolean beyond = bound.exclusive() && bound.value().compareTo(new BigDecimal(least)) == 0;
        return beyond ? least.add(BigInteger.ONE) : least;
    }

    private static BigInteger last(Bound bound) {
        return first(bound.negated()).negate();
    }

    /** The stricter of two bounds; null if there is none. */
    private static @Nullable Bound bound(
            Schema schema, String inclusive, String exclusive, boolean upper) {
        BigDecimal within = schema.number(inclusive);
        BigDecimal beyond = schema.number(exclusive);
        return stricter(
                within == null ? null : new Bound(within, false),
                beyond == null ? null : new Bound(beyond, true),
                upper);
    }

    private static @Nullable Bound stricter(
            @Nullable Bound first, @Nullable Bound second, boolean upper) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        int order = first.value().compareTo(second.value());
        boolean tighter = upper ? order < 0 : order > 0;
        return tighter || order == 0 && first.exclusive() ? first : second;
    }
}
