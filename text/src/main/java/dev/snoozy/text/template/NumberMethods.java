package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The attributes of numbers. */
final class NumberMethods {
    private NumberMethods() {}

    static @Nullable Object find(Object number, String name, Runtime runtime) {
        Object plain = runtime.arithmetic().plus(number);
        return number instanceof Double value
                ? ofFloat(value, name)
                : ofInteger(plain, Numbers.big(plain), name);
    }

    private static @Nullable Object ofInteger(Object plain, BigInteger value, String name) {
        return switch (name) {
            case "real", "numerator" -> plain;
            case "imag" -> 0L;
            case "denominator" -> 1L;
            case "conjugate" -> constant(name, plain);
            case "bit_length" -> constant(name, (long) value.abs().bitLength());
            case "bit_count" -> constant(name, (long) value.abs().bitCount());
            case "as_integer_ratio" -> constant(name, Tuple.of(plain, 1L));
            default -> null;
        };
    }

    private static @Nullable Object ofFloat(double value, String name) {
        return switch (name) {
            case "real" -> value;
            case "imag" -> 0.0;
            case "conjugate" -> constant(name, value);
            case "is_integer" ->
                    constant(name, value == Math.rint(value) && !Double.isInfinite(value));
            case "as_integer_ratio" -> Function.method(name, (runtime, arguments) -> ratio(value));
            case "hex" ->
                    Function.method(
                            name,
                            (runtime, arguments) -> {
                                throw TemplateException.type(
                                        "float.hex() is not available in a chat template");
                            });
            default -> null;
        };
    }

    private static Tuple ratio(double value) {
        Numbers.toInteger(value);
        BigDecimal exact = new BigDecimal(value);
        BigInteger denominator = BigInteger.TEN.pow(Math.max(0, exact.scale()));
        BigInteger numerator = exact.multiply(new BigDecimal(denominator)).toBigIntegerExact();
        BigInteger common = numerator.gcd(denominator).max(BigInteger.ONE);
        return Tuple.of(
                Numbers.of(numerator.divide(common)), Numbers.of(denominator.divide(common)));
    }

    private static Function constant(String name, Object value) {
        return Function.method(
                name,
                (runtime, arguments) -> {
                    arguments.positional(name, 0, 0);
                    return value;
                });
    }
}
