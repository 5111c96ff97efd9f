package dev.snoozy.text.template;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format specification of {@code str.format}, such as {@code >10,.2f}. Python library reference,
 * "Format Specification Mini-Language".
 */
final class FormatSpec {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?(.)?",
                    Pattern.DOTALL);

    private final String source;
    private final String fill;
    private final char align;
    private final char sign;
    private final boolean alternate;

    /** Whether the specification has a sign or the padding behind a sign: no string has. */
    private final boolean numeric;

    private final int width;
    private final String grouping;
    private final int precision;
    private final char type;
    private final Budget budget;

    private FormatSpec(String source, Matcher form, Budget budget) {
        this.source = source;
        this.budget = budget;
        boolean zero = form.group(6) != null;
        this.fill = form.group(1) != null ? form.group(1) : zero ? "0" : " ";
        this.align = form.group(2) != null ? form.group(2).charAt(0) : zero ? '=' : 0;
        this.sign = form.group(3) != null ? form.group(3).charAt(0) : '-';
        this.numeric = form.group(3) != null || "=".equals(form.group(2));
        this.alternate = form.group(5) != null;
        this.width = form.group(7) != null ? count(form.group(7)) : 0;
        this.grouping = form.group(8) != null ? form.group(8) : "";
        this.precision = form.group(9) != null ? count(form.group(9)) : -1;
        this.type = form.group(10) != null ? form.group(10).charAt(0) : 0;
    }

    private int count(String digits) {
        if (digits.length() > 9) {
            throw TemplateException.value("Too many decimal digits in format string");
        }
        int count = Integer.parseInt(digits);
        budget.requireText(count);
        return count;
    }

    /** Formats a value. */
    static String format(Object value, String source, Runtime runtime) {
        if (source.isEmpty()) {
            return runtime.text().str(value);
        }
        boolean formattable = Types.isText(value) || Types.isNumber(value);
        if (!formattable) {
            throw TemplateException.type(
                    "unsupported format string passed to %s.__format__"
                            .formatted(Types.name(value)));
        }
        Matcher form = FORM.matcher(source);
        if (!form.matches()) {
            throw TemplateException.value("Invalid format specifier '" + source + "'");
        }
        FormatSpec spec = new FormatSpec(source, form, runtime.budget());
        if (Types.isText(value)) {
            return spec.text(Types.text(value));
        }
        boolean floating = spec.type != 0 && "eEfFgG%".indexOf(spec.type) >= 0;
        return value instanceof Double || floating
                ? spec.floating(Numbers.toDouble(value))
                : spec.integer(Numbers.big(value));
    }

    private String text(String value) {
        if (numeric || alternate || !grouping.isEmpty() || type != 0 && type != 's') {
            throw unfit("str");
        }
        String cut = value;
        if (precision >= 0 && precision < Strings.length(value)) {
            cut = value.substring(0, value.offsetByCodePoints(0, precision));
        }
        return pad("", cut, align == 0 || align == '=' ? '<' : align);
    }

    private String integer(BigInteger value) {
        boolean ungrouped = grouping.equals(",") ? "nXxobc".indexOf(type) >= 0 : isPlainType();
        if (!grouping.isEmpty() && type != 0 && ungrouped) {
            throw TemplateException.value(
                    "Cannot specify '%s' with '%s'.".formatted(grouping, type));
        }
        if (type == 'c' && alternate) {
            throw TemplateException.value(
                    "Alternate form (#) not allowed with integer format specifier 'c'");
        }
        if (precision >= 0) {
            throw TemplateException.value("Precision not allowed in integer format specifier");
        }
        budget.integer(value.bitLength());
        BigInteger size = value.abs();
        String digits =
                switch (type) {
                    case 0, 'd', 'n' -> Numbers.digits(size);
                    case 'x' -> size.toString(16);
                    case 'X' -> size.toString(16).toUpperCase(Locale.ROOT);
                    case 'o' -> size.toString(8);
                    case 'b' -> size.toString(2);
                    case 'c' -> {
                        if (value.signum() < 0
                                || value.compareTo(BigInteger.valueOf(0x10ffff)) > 0) {
                            throw TemplateException.runtime(
                                    "OverflowError", "%c arg not in range(0x110000)");
                        }
                        yield Character.toString(value.intValue());
                    }
                    default -> throw unfit("int");
                };
        String prefix = alternate && "xXob".indexOf(type) >= 0 && type != 0 ? "0" + type : "";
        if (type == 'c') {
            return pad("", digits, align == 0 ? '<' : align);
        }
        String signText = signText(value.signum() < 0);
        int group = type == 0 || type == 'd' || type == 'n' ? 3 : 4;
        return number(signText + prefix, digits, "", group);
    }

    /** Whether the type takes no separators at all. */
    private boolean isPlainType() {
        return type == 'n' || type == 'c';
    }

    private String floating(double value) {
        if (!grouping.isEmpty() && type == 'n') {
            throw TemplateException.value("Cannot specify '%s' with 'n'.".formatted(grouping));
        }
        boolean negative = Double.doubleToRawLongBits(value) < 0 && !Double.isNaN(value);
        String text =
                switch (type) {
                    case 0 ->
                            precision < 0
                                    ? Numbers.repr(Math.abs(value))
                                    : FloatText.untyped(value, precision);
                    case 'e', 'E', 'f', 'F', 'g', 'G' ->
                            FloatText.format(value, type, precision(), alternate);
                    case 'n' -> FloatText.format(value, 'g', precision(), alternate);
                    case '%' -> FloatText.format(value * 100, 'f', precision(), alternate) + "%";
                    default -> throw unfit("float");
                };
        int whole = 0;
        while (whole < text.length() && Character.isDigit(text.charAt(whole))) {
            whole++;
        }
        return number(signText(negative), text.substring(0, whole), text.substring(whole), 3);
    }

    private int precision() {
        return precision < 0 ? 6 : precision;
    }

    private String signText(boolean negative) {
        return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    }

    /** A number: groups its digits, and puts padding between sign and digits where asked to. */
    private String number(String prefix, String digits, String rest, int group) {
        String grouped = grouped(digits, group);
        boolean zeros = align == '=' && fill.equals("0") && !grouping.isEmpty();
        if (zeros) {
            budget.text(width);
            int room = width - prefix.length() - rest.length();
            int count = digits.length();
            while (count + (count - 1) / group < room) {
                count++;
            }
            grouped = grouped("0".repeat(count - digits.length()) + digits, group);
        }
        return pad(prefix, grouped + rest, align == 0 ? '>' : align);
    }

    private String grouped(String digits, int group) {
        if (grouping.isEmpty() || digits.isEmpty()) {
            return digits;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % group == 0) {
                out.append(grouping);
            }
            out.append(digits.charAt(i));
        }
        return out.toString();
    }

    private String pad(String prefix, String text, char where) {
        int missing = width - Strings.length(prefix) - Strings.length(text);
        if (missing <= 0) {
            return prefix + text;
        }
        budget.text(width);
        return switch (where) {
            case '<' -> prefix + text + fill.repeat(missing);
            case '^' ->
                    fill.repeat(missing / 2) + prefix + text + fill.repeat(missing - missing / 2);
            case '=' -> prefix + fill.repeat(missing) + text;
            default -> fill.repeat(missing) + prefix + text;
        };
    }

    private TemplateException unfit(String typeName) {
        return TemplateException.value(
                "format specifier '%s' does not fit a value of type '%s'"
                        .formatted(source, typeName));
    }
}
