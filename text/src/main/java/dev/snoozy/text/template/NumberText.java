package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads numbers from text, as Python's {@code int} and {@code float} do. */
final class NumberText {
    private static final Pattern FLOAT =
            Pattern.compile(
                    "[-+]?(?:[0-9]++(?:_[0-9]++)*+\\.?+(?:[0-9]++(?:_[0-9]++)*+)?+|\\.[0-9]++(?:_[0-9]++)*+)"
                            + "(?:[eE][-+]?[0-9]++(?:_[0-9]++)*+)?+");

    private NumberText() {}

    /** An integer, or null if the text is none. */
    static @Nullable Object integer(String text, long base) {
        if (base != 0 && (base < 2 || base > 36)) {
            return null;
        }
        String digits = Strings.strip(text);
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = (int) base;
        String prefix = digits.length() > 1 ? digits.substring(0, 2).toLowerCase(Locale.ROOT) : "";
        int prefixed =
                prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
        if (prefixed != 0 && (radix == 0 || radix == prefixed)) {
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
            radix = prefixed;
        } else if (radix == 0) {
            boolean zeros = digits.chars().allMatch(c -> c == '0' || c == '_');
            if (digits.startsWith("0") && !zeros) {
                return null;
            }
            radix = 10;
        }
        return parse(digits, radix, negative);
    }

    private static @Nullable Object parse(String digits, int radix, boolean negative) {
        boolean separated =
                digits.isEmpty()
                        || digits.startsWith("_")
                        || digits.endsWith("_")
                        || digits.contains("__");
        String plain = digits.replace("_", "");
        if (separated || plain.length() > Numbers.MOST_DIGITS) {
            return null;
        }
        for (int i = 0; i < plain.length(); i++) {
            if (Character.digit(plain.charAt(i), radix) < 0) {
                return null;
            }
        }
        BigInteger value = new BigInteger(plain, radix);
        return Numbers.of(negative ? value.negate() : value);
    }

    /** A float, or null if the text is none. */
    static @Nullable Double floating(String text) {
        String stripped = Strings.strip(text);
        String lower = stripped.toLowerCase(Locale.ROOT);
        boolean negative = lower.startsWith("-");
        String name = negative || lower.startsWith("+") ? lower.substring(1) : lower;
        if (name.equals("nan")) {
            return Double.NaN;
        }
        if (name.equals("inf") || name.equals("infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return FLOAT.matcher(stripped).matches() ? Double.valueOf(stripped.replace("_", "")) : null;
    }
}
