package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/**
 * Formatting by the operator {@code %}. Python library reference, "printf-style String Formatting".
 */
final class PercentFormat {
    private final String form;
    private final Runtime runtime;
    private final boolean escaping;
    private final Object right;
    private final List<?> values;
    private final StringBuilder out = new StringBuilder();
    private int used;
    private boolean byName;
    private int at;

    private PercentFormat(Object left, Object right, Runtime runtime) {
        this.form = Types.text(left);
        this.escaping = left instanceof Markup;
        this.runtime = runtime;
        this.right = right;
        this.values = right instanceof Tuple tuple ? tuple.items() : List.of(right);
    }

    /** Formats a string; what fills a string marked safe is escaped. */
    static Object format(Object left, Object right, Runtime runtime) {
        PercentFormat format = new PercentFormat(left, right, runtime);
        format.expand();
        String text = format.out.toString();
        return left instanceof Markup ? new Markup(text) : text;
    }

    private void expand() {
        runtime.budget().work(form.length());
        while (at < form.length()) {
            int next = form.indexOf('%', at);
            out.append(form, at, next < 0 ? form.length() : next);
            at = next < 0 ? form.length() : next + 1;
            if (next >= 0) {
                expandSpecifier();
                runtime.budget().text(out.length());
            }
        }
        // As in Python, what could be a mapping need not be used up.
        boolean mapping =
                right instanceof Dict
                        || right instanceof List<?>
                        || right instanceof Range
                        || right instanceof Undefined;
        if (used < values.size() && !byName && !mapping) {
            throw TemplateException.type("not all arguments converted during string formatting");
        }
    }

    private void expandSpecifier() {
        Object named = parseKey();
        String flags = parseWhile("#0- +");
        long width = parseNumber();
        boolean left = flags.contains("-");
        if (width < 0) {
            left = true;
            width = -width;
        }
        long precision = -1;
        if (peek() == '.') {
            at++;
            precision = Math.max(0, parseNumber());
        }
        parseWhile("hlL");
        char type = peek();
        at++;
        if (at > form.length()) {
            throw TemplateException.value("incomplete format");
        }
        runtime.budget().requireText(Math.max(width, precision));
        if (type == '%') {
            out.append('%');
            return;
        }
        append(type, named == null ? next() : named, flags, (int) precision, left, (int) width);
    }

    private char peek() {
        return at < form.length() ? form.charAt(at) : 0;
    }

    private @Nullable Object parseKey() {
        if (peek() != '(') {
            return null;
        }
        int open = 1;
        int end = at + 1;
        while (end < form.length() && open > 0) {
            open += form.charAt(end) == '(' ? 1 : form.charAt(end) == ')' ? -1 : 0;
            end++;
        }
        if (open > 0) {
            throw TemplateException.value("incomplete format key");
        }
        String key = form.substring(at + 1, end - 1);
        at = end;
        if (!(right instanceof Dict dict)) {
            throw TemplateException.type("format requires a mapping");
        }
        Object value = dict.get(key);
        if (value == null) {
            throw TemplateException.runtime("KeyError", "'" + key + "'");
        }
        byName = true;
        return value;
    }

    private String parseWhile(String characters) {
        int start = at;
        while (peek() != 0 && characters.indexOf(peek()) >= 0) {
            at++;
        }
        return form.substring(start, at);
    }

    private long parseNumber() {
        if (peek() == '*') {
            at++;
            Object value = next();
            if (!Types.isInteger(value)) {
                throw TemplateException.type("* wants int");
            }
            return Math.max(-Integer.MAX_VALUE, Numbers.index(value, "width"));
        }
        String digits = parseWhile("0123456789");
        if (digits.length() > 9) {
            throw TemplateException.value("width too big");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private Object next() {
        if (used >= values.size()) {
            throw TemplateException.type("not enough arguments for format string");
        }
        return values.get(used++);
    }

    private void append(
            char type, Object value, String flags, int precision, boolean left, int width) {
        String sign = "";
        String text;
        boolean number = true;
        switch (type) {
            case 's', 'r', 'a', 'c' -> {
                text = text(type, value);
                if (precision >= 0 && type != 'c' && Strings.length(text) > precision) {
                    text = text.substring(0, text.offsetByCodePoints(0, precision));
                }
                number = false;
            }
            case 'd', 'i', 'u', 'x', 'X', 'o' -> {
                BigInteger integer = integer(type, value);
                runtime.budget().integer(integer.bitLength());
                text = digits(type, integer.abs());
                text = "0".repeat(Math.max(0, precision - text.length())) + text;
                sign = sign(integer.signum() < 0, flags);
                boolean prefixed = flags.contains("#") && "xXo".indexOf(type) >= 0;
                sign += prefixed ? "0" + type : "";
            }
            case 'e', 'E', 'f', 'F', 'g', 'G' -> {
                double real = real(value);
                int digits = precision < 0 ? 6 : precision;
                text = FloatText.format(real, type, digits, flags.contains("#"));
                boolean negative = Double.doubleToRawLongBits(real) < 0 && !Double.isNaN(real);
                sign = sign(negative, flags);
            }
            default ->
                    throw TemplateException.value(
                            "unsupported format character '%s' at index %d"
                                    .formatted(type, at - 1));
        }
        int missing = Math.max(0, width - sign.length() - Strings.length(text));
        if (left) {
            out.append(sign).append(text).repeat(' ', missing);
        } else if (number && flags.contains("0")) {
            out.append(sign).repeat('0', missing).append(text);
        } else {
            out.repeat(' ', missing).append(sign).append(text);
        }
    }

    private String text(char type, Object value) {
        return switch (type) {
            case 's' -> escaping ? Markup.escape(value, runtime).text() : runtime.text().str(value);
            case 'r' -> escaped(runtime.text().repr(value));
            case 'a' -> escaped(ascii(runtime.text().repr(value)));
            default -> character(value);
        };
    }

    private String escaped(String text) {
        return escaping ? Html.escape(text, runtime.budget()) : text;
    }

    private static String character(Object value) {
        if (Types.isText(value) && Strings.length(Types.text(value)) == 1) {
            return Types.text(value);
        }
        if (!Types.isInteger(value)) {
            throw TemplateException.type("%c requires int or char");
        }
        long code = Numbers.index(value, "%c");
        if (code < 0 || code > Character.MAX_CODE_POINT) {
            throw TemplateException.runtime("OverflowError", "%c arg not in range(0x110000)");
        }
        return Character.toString((int) code);
    }

    private static BigInteger integer(char type, Object value) {
        if (value instanceof Double real && "diu".indexOf(type) >= 0) {
            return Numbers.big(Numbers.toInteger(real));
        }
        if (!Types.isInteger(value)) {
            throw value instanceof Undefined undefined && "diu".indexOf(type) >= 0
                    ? undefined.error()
                    : TemplateException.type(
                            "%%%s format: a number is required, not %s"
                                    .formatted(type, Types.name(value)));
        }
        return Numbers.big(value);
    }

    private static double real(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!Types.isNumber(value)) {
            throw TemplateException.type("must be real number, not " + Types.name(value));
        }
        return Numbers.toDouble(value);
    }

    private static String digits(char type, BigInteger size) {
        return switch (type) {
            case 'x' -> size.toString(16);
            case 'X' -> size.toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> size.toString(8);
            default -> Numbers.digits(size);
        };
    }

    private static String sign(boolean negative, String flags) {
        return negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    }

    /** A text with everything beyond ASCII escaped. */
    static String ascii(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (c < 128) {
                        out.append((char) c);
                    } else {
                        out.append(Text.escape(c));
                    }
                });
        return out.toString();
    }
}
