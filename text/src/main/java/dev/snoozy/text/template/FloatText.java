package dev.snoozy.text.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floats with a given precision, as the conversions e, f and g write them. */
final class FloatText {
    /** More digits than this no float has, and no template needs. */
    private static final int MOST_PRECISE = 1100;

    private FloatText() {}

    /**
     * The text of a float without its sign.
     *
     * @param type e, f or g, or in upper case for upper-case letters
     * @param alternate whether g keeps zeros at the end, and all keep the point
     */
    static String format(double value, char type, int precision, boolean alternate) {
        if (precision > MOST_PRECISE) {
            throw TemplateException.limit(
                    "a precision of %d is more than %d".formatted(precision, MOST_PRECISE));
        }
        String text;
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            text = Double.isNaN(value) ? "nan" : "inf";
        } else {
            BigDecimal exact = new BigDecimal(Math.abs(value));
            text =
                    switch (Character.toLowerCase(type)) {
                        case 'f' -> fixed(exact, precision, alternate);
                        case 'e' -> scientific(exact, precision, alternate);
                        default -> general(exact, precision, alternate, 0);
                    };
        }
        return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
    }

    /** The text without a type: as g, but with a digit after the point. */
    static String untyped(double value, int precision) {
        String text = format(value, 'g', precision, false);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return text;
        }
        text = general(new BigDecimal(Math.abs(value)), precision, false, 1);
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
    }

    private static String fixed(BigDecimal value, int precision, boolean point) {
        String text = value.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return point && precision == 0 ? text + "." : text;
    }

    private static String scientific(BigDecimal value, int precision, boolean point) {
        int exponent = 0;
        String digits = "0".repeat(precision + 1);
        if (value.signum() != 0) {
            BigDecimal rounded =
                    value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
            exponent = rounded.precision() - rounded.scale() - 1;
            digits = rounded.unscaledValue().toString();
            digits = (digits + "0".repeat(precision + 1)).substring(0, precision + 1);
        }
        String fraction = digits.substring(1);
        return digits.charAt(0)
                + (fraction.isEmpty() && !point ? "" : ".")
                + fraction
                + exponentText(exponent);
    }

    private static String exponentText(int exponent) {
        int size = Math.abs(exponent);
        return (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    private static String general(BigDecimal value, int precision, boolean alternate, int reserve) {
        int digits = Math.max(1, precision);
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits - reserve) {
            String text = fixed(value, digits - 1 - exponent, alternate);
            return alternate ? text : withoutZeros(text);
        }
        String text = scientific(value, digits - 1, alternate);
        int end = text.indexOf('e');
        return alternate ? text : withoutZeros(text.substring(0, end)) + text.substring(end);
    }

    private static String withoutZeros(String text) {
        if (text.indexOf('.') < 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
