package dev.snoozy.text.template;

/**
 * Formatting by replacement fields in braces: {@code str.format}. Python library reference, "Format
 * String Syntax". Fields reach attributes and elements only through the sandbox.
 */
final class BraceFormat {
    /** A specification may hold fields, but not those of theirs. */
    private static final int DEEPEST = 2;

    private final Arguments arguments;
    private final Runtime runtime;
    private final boolean escaping;

    /** The next automatic field; -1 after a numbered one. */
    private int automatic;

    private BraceFormat(Arguments arguments, Runtime runtime, boolean escaping) {
        this.arguments = arguments;
        this.runtime = runtime;
        this.escaping = escaping;
    }

    /**
     * Formats a string.
     *
     * @param escaping whether fields are escaped for HTML
     */
    static String format(String form, Arguments arguments, Runtime runtime, boolean escaping) {
        return new BraceFormat(arguments, runtime, escaping).expand(form, DEEPEST);
    }

    private String expand(String form, int depth) {
        if (depth == 0) {
            throw TemplateException.value("Max string recursion exceeded");
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < form.length()) {
            char c = form.charAt(i);
            boolean twice = i + 1 < form.length() && form.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && twice) {
                out.append(c);
                i += 2;
            } else if (c == '{') {
                int end = fieldEnd(form, i + 1);
                String field = field(form.substring(i + 1, end), depth);
                runtime.budget().text((long) out.length() + field.length());
                out.append(field);
                i = end + 1;
            } else if (c == '}') {
                throw TemplateException.value("Single '}' encountered in format string");
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** The index of the brace that closes a field; brackets in its name hide braces. */
    private static int fieldEnd(String form, int start) {
        int open = 1;
        for (int i = start; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c == '{') {
                open++;
            } else if (c == '}' && --open == 0) {
                return i;
            }
        }
        throw TemplateException.value(
                start == form.length()
                        ? "Single '{' encountered in format string"
                        : "expected '}' before end of string");
    }

    private String field(String field, int depth) {
        int nameEnd = 0;
        boolean bracket = false;
        while (nameEnd < field.length() && (bracket || ":!".indexOf(field.charAt(nameEnd)) < 0)) {
            bracket = field.charAt(nameEnd) == '[' || bracket && field.charAt(nameEnd) != ']';
            nameEnd++;
        }
        String name = field.substring(0, nameEnd);
        String rest = field.substring(nameEnd);
        char conversion = 0;
        if (rest.startsWith("!")) {
            boolean complete = rest.length() >= 2 && (rest.length() == 2 || rest.charAt(2) == ':');
            if (!complete) {
                throw TemplateException.value("expected ':' after conversion specifier");
            }
            conversion = rest.charAt(1);
            rest = rest.substring(2);
        }
        Object value = convert(value(name), conversion);
        String spec = rest.isEmpty() ? "" : expand(rest.substring(1), depth - 1);
        String text = FormatSpec.format(value, spec, runtime);
        boolean marked = value instanceof Markup && spec.isEmpty();
        return escaping && !marked ? Html.escape(text, runtime.budget()) : text;
    }

    private Object convert(Object value, char conversion) {
        return switch (conversion) {
            case 0 -> value;
            case 's' -> runtime.text().str(value);
            case 'r' -> runtime.text().repr(value);
            case 'a' -> PercentFormat.ascii(runtime.text().repr(value));
            default -> throw TemplateException.value("Unknown conversion specifier " + conversion);
        };
    }

    /** The value of a field's name: an argument, then attributes and elements. */
    private Object value(String name) {
        int end = 0;
        while (end < name.length() && ".[".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        Object value = argument(name.substring(0, end), name.isEmpty());
        int at = end;
        while (at < name.length()) {
            int next = at + 1;
            if (name.charAt(at) == '.') {
                while (next < name.length() && ".[".indexOf(name.charAt(next)) < 0) {
                    next++;
                }
                value = runtime.members().attribute(value, part(name, at + 1, next));
                at = next;
            } else if (name.charAt(at) == '[') {
                next = name.indexOf(']', at);
                if (next < 0) {
                    throw TemplateException.value("Missing ']' in format string");
                }
                String key = part(name, at + 1, next);
                value = runtime.members().item(value, isNumber(key) ? number(key) : key);
                at = next + 1;
            } else {
                throw TemplateException.value(
                        "Only '.' or '[' may follow ']' in format field specifier");
            }
        }
        return value;
    }

    private static String part(String name, int from, int to) {
        if (from == to) {
            throw TemplateException.value("Empty attribute in format string");
        }
        return name.substring(from, to);
    }

    private Object argument(String name, boolean empty) {
        if (!empty && !isNumber(name)) {
            Object value = arguments.keywords().get(name);
            if (value == null) {
                throw TemplateException.runtime("KeyError", "'" + name + "'");
            }
            return value;
        }
        boolean switched = empty ? automatic < 0 : automatic > 0;
        if (switched) {
            throw TemplateException.value(
                    "cannot switch between manual field specification and automatic field"
                            + " numbering");
        }
        long index = empty ? automatic++ : number(name);
        if (!empty) {
            automatic = -1;
        }
        if (index >= arguments.positional().size()) {
            throw TemplateException.runtime(
                    "IndexError",
                    "Replacement index " + index + " out of range for positional args tuple");
        }
        return arguments.positional().get((int) index);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long number(String text) {
        if (text.length() > 18) {
            throw TemplateException.value("Too many decimal digits in format string");
        }
        return Long.parseLong(text);
    }
}
