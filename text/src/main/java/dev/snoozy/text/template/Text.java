package dev.snoozy.text.template;

import java.math.BigInteger;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Text {
    private final Budget budget;

    Text(Budget budget) {
        this.budget = budget;
    }

    /** The text that printing a value gives. */
    String str(Object value) {
        return switch (value) {
            case String text -> text;
            case Markup markup -> markup.text();
            case Undefined ignored -> "";
            default -> repr(value);
        };
    }

    /** The text that shows a value inside a list. */
    String repr(Object value) {
        StringBuilder out = new StringBuilder();
        append(value, out);
        budget.work(out.length());
        return out.toString();
    }

    private void append(Object value, StringBuilder out) {
        budget.enter();
        switch (value) {
            case None ignored -> out.append("None");
            case Boolean bool -> out.append(bool ? "True" : "False");
            case Long number -> out.append((long) number);
            case BigInteger number -> {
                budget.integer(number.bitLength());
                out.append(Numbers.digits(number));
            }
            case Double number -> out.append(Numbers.repr(number));
            case String text -> appendQuoted(text, out);
            case Markup markup -> {
                out.append("Markup(");
                appendQuoted(markup.text(), out);
                out.append(')');
            }
            case List<?> list -> appendAll("[", list, "]", out);
            case Tuple tuple ->
                    appendAll("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
            case Dict dict -> appendDict(dict, out);
            case DictView view -> {
                out.append(view.kind().typeName());
                appendAll("([", view.elements(budget), "])", out);
            }
            case Range range -> {
                out.append("range(").append(range.start()).append(", ").append(range.stop());
                out.append(range.step() == 1 ? ")" : ", " + range.step() + ")");
            }
            case Undefined ignored -> out.append("Undefined");
            case Namespace namespace -> {
                out.append("<Namespace ");
                appendDict(namespace.attributes(), out);
                out.append('>');
            }
            case LoopContext loop -> out.append(loop.described());
            case Macro macro -> out.append(macro.described());
            default -> out.append('<').append(Types.name(value)).append(" object>");
        }
        budget.requireText(out.length());
        budget.leave();
    }

    private void appendAll(String open, Collection<?> items, String close, StringBuilder out) {
        String separator = open;
        for (Object item : items) {
            out.append(separator);
            append(item, out);
            separator = ", ";
        }
        out.append(items.isEmpty() ? open : "").append(close);
    }

    private void appendDict(Dict dict, StringBuilder out) {
        String separator = "{";
        List<Object> values = dict.values();
        int i = 0;
        for (Object key : dict.keys()) {
            out.append(separator);
            append(key, out);
            out.append(": ");
            append(values.get(i++), out);
            separator = ", ";
        }
        out.append(i == 0 ? "{}" : "}");
    }

    private void appendQuoted(String text, StringBuilder out) {
        budget.work(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(escape(c));
                    }
                }
            }
        }
        out.append(quote);
    }

    /** A character as an escape of Python. */
    static String escape(int c) {
        HexFormat hex = HexFormat.of();
        return c < 256
                ? "\\x" + hex.toHexDigits((byte) c)
                : c < 65536 ? "\\u" + hex.toHexDigits((char) c) : "\\U" + hex.toHexDigits(c);
    }

    static boolean isPrintable(int c) {
        if (c >= ' ' && c < 127) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
