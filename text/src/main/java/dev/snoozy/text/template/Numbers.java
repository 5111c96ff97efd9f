package dev.snoozy.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Integers of any size and floats. Integers are {@link Long} wherever they fit. */
final class Numbers {
    /** The most digits that Python converts between integers and text. */
    static final int MOST_DIGITS = 4300;

    private static final int LONG_BITS = 63;

    private Numbers() {}

    static Object of(BigInteger value) {
        return value.bitLength() <= LONG_BITS ? (Object) value.longValue() : value;
    }

    /** A bool or an int as a big integer. */
    static BigInteger big(Object integer) {
        return switch (integer) {
            case BigInteger big -> big;
            case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
            default -> BigInteger.valueOf((Long) integer);
        };
    }

    /** A number as a float. */
    static double toDouble(Object number) {
        if (number instanceof Double value) {
            return value;
        }
        double value = number instanceof Long small ? small : big(number).doubleValue();
        if (Double.isInfinite(value)) {
            throw TemplateException.runtime("OverflowError", "int too large to convert to float");
        }
        return value;
    }

    /** The integer that a float without fraction is. */
    static Object toInteger(double value) {
        if (Double.isNaN(value)) {
            throw TemplateException.value("cannot convert float NaN to integer");
        }
        if (Double.isInfinite(value)) {
            throw TemplateException.runtime(
                    "OverflowError", "cannot convert float infinity to integer");
        }
        return of(new BigDecimal(value).toBigInteger());
    }

    /** An int used as an index, a width or a count; far values are cut to 64 bits. */
    static long index(Object value, String what) {
        return switch (value) {
            case Long number -> number;
            case Boolean bool -> bool ? 1 : 0;
            case BigInteger big -> big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            default ->
                    throw TemplateException.type(
                            "%s must be an integer, not %s".formatted(what, Types.name(value)));
        };
    }

    /** The decimal digits of an integer. */
    static String digits(BigInteger value) {
        // log10(2) < 0.30103: an upper bound without computing the digits.
        if (value.bitLength() * 0.30103 > MOST_DIGITS) {
            throw TemplateException.value(
                    "Exceeds the limit (" + MOST_DIGITS + " digits) for integer string conversion");
        }
        return value.toString();
    }

    /** A float as Python writes it: the shortest digits that give the same float. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
        if (shortest.precision() == 2) {
            // Java writes two digits at least, and not always those that begin with the shortest.
            BigDecimal one = shortest.round(new MathContext(1, RoundingMode.HALF_EVEN));
            shortest = one.doubleValue() == Math.abs(value) ? one.stripTrailingZeros() : shortest;
        }
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
        }
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String zero = Math.abs(exponent) < 10 ? "0" : "";
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + zero + Math.abs(exponent);
    }
}
