package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** Values as JSON, in the spelling of Python's {@code json.dumps}. */
final class Json {
    private final Runtime runtime;
    private final Budget budget;
    private final boolean ascii;
    private final boolean sorted;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final StringBuilder out = new StringBuilder();

    private Json(Runtime runtime, Arguments.Bound bound) {
        this.runtime = runtime;
        this.budget = runtime.budget();
        this.ascii = Comparison.truth(bound.optional(0, false));
        this.indent = indent(bound.given(1), budget);
        Object separators = bound.given(2);
        List<Object> pair = separators == null ? List.of() : runtime.iteration().list(separators);
        if (separators != null && pair.size() != 2) {
            throw TemplateException.value("tojson: separators must be two strings");
        }
        this.itemSeparator =
                separators == null
                        ? indent == null ? ", " : ","
                        : StringMethods.string(pair.getFirst(), "tojson");
        this.keySeparator =
                separators == null ? ": " : StringMethods.string(pair.getLast(), "tojson");
        this.sorted = Comparison.truth(bound.optional(3, false));
    }

    /** The filter {@code tojson}. */
    static String filter(Runtime runtime, Object value, Arguments arguments) {
        Json json =
                new Json(
                        runtime,
                        arguments.bind(
                                "tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
        json.append(value, 0);
        runtime.budget().work(json.out.length());
        return json.out.toString();
    }

    private static @Nullable String indent(@Nullable Object indent, Budget budget) {
        if (indent == null) {
            return null;
        }
        if (Types.isText(indent)) {
            return Types.text(indent);
        }
        long width = Math.max(0, Numbers.index(indent, "tojson: indent"));
        budget.text(width);
        return " ".repeat((int) width);
    }

    private void append(Object value, int depth) {
        budget.enter();
        switch (value) {
            case None ignored -> out.append("null");
            case Boolean bool -> out.append((boolean) bool);
            case Long number -> out.append((long) number);
            case BigInteger number -> {
                budget.integer(number.bitLength());
                out.append(Numbers.digits(number));
            }
            case Double number -> out.append(number(number));
            case String text -> appendString(text);
            case Markup markup -> appendString(markup.text());
            case List<?> list -> appendList(list, depth);
            case Tuple tuple -> appendList(tuple.items(), depth);
            case Dict dict -> appendDict(dict, depth);
            default ->
                    throw TemplateException.type(
                            "Object of type %s is not JSON serializable"
                                    .formatted(Types.name(value)));
        }
        budget.requireText(out.length());
        budget.leave();
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        return Numbers.repr(value);
    }

    private void appendList(List<?> items, int depth) {
        out.append('[');
        boolean first = true;
        for (Object item : items) {
            out.append(first ? "" : itemSeparator);
            appendBreak(depth + 1);
            append(item, depth + 1);
            first = false;
        }
        if (!first) {
            appendBreak(depth);
        }
        out.append(']');
    }

    private void appendDict(Dict dict, int depth) {
        out.append('{');
        boolean first = true;
        for (Object item : sorted ? sortedItems(dict) : dict.items()) {
            Iterator<?> pair = Types.items(item).iterator();
            out.append(first ? "" : itemSeparator);
            appendBreak(depth + 1);
            appendString(key(pair.next()));
            out.append(keySeparator);
            append(pair.next(), depth + 1);
            first = false;
        }
        if (!first) {
            appendBreak(depth);
        }
        out.append('}');
    }

    private List<Object> sortedItems(Dict dict) {
        List<Comparison.Keyed> items = new ArrayList<>();
        dict.items().forEach(item -> items.add(new Comparison.Keyed(item, item)));
        return runtime.comparison().sorted(items, false);
    }

    private String key(Object key) {
        return switch (key) {
            case String text -> text;
            case Markup markup -> markup.text();
            case None ignored -> "null";
            case Boolean bool -> bool.toString();
            case Long number -> number.toString();
            case BigInteger number -> Numbers.digits(number);
            case Double number -> number(number);
            default ->
                    throw TemplateException.type(
                            "keys must be str, int, float, bool or None, not " + Types.name(key));
        };
    }

    private void appendBreak(int depth) {
        if (indent != null) {
            budget.requireText(out.length() + (long) indent.length() * depth);
            out.append('\n').repeat(indent, depth);
        }
    }

    private void appendString(String text) {
        budget.work(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || ascii && c > 126 && c != 127) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
