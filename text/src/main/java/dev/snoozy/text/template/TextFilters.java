package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters on strings. */
final class TextFilters {
    private TextFilters() {}

    static void addTo(Map<String, Filters.Body> filters) {
        for (String name : List.of("upper", "lower", "capitalize")) {
            filters.put(
                    name,
                    (runtime, value, arguments) ->
                            StringMethods.invoke(soft(value, runtime), name, arguments, runtime));
        }
        filters.put("string", (runtime, value, arguments) -> soft(value, runtime));
        filters.put("center", TextFilters::center);
        filters.put("trim", TextFilters::trim);
        filters.put("title", TextFilters::title);
        filters.put("replace", TextFilters::replace);
        filters.put("format", TextFilters::format);
        filters.put("indent", TextFilters::indent);
        filters.put("truncate", TextFilters::truncate);
        filters.put("wordcount", TextFilters::wordCount);
        filters.put("wordwrap", WordWrap::filter);
        filters.put("pprint", PrettyPrint::filter);
    }

    /** A value as a string; what is marked safe stays so. */
    static Object soft(Object value, Runtime runtime) {
        return Types.isText(value) ? value : runtime.text().str(value);
    }

    private static Object center(Runtime runtime, Object value, Arguments arguments) {
        Object width = arguments.bind("center", "width").optional(0, 80L);
        Arguments passed = new Arguments(List.of(width), Map.of());
        return StringMethods.invoke(soft(value, runtime), "center", passed, runtime);
    }

    private static Object trim(Runtime runtime, Object value, Arguments arguments) {
        Object chars = arguments.bind("trim", "chars").optional(0, None.NONE);
        Arguments passed = new Arguments(List.of(chars), Map.of());
        return StringMethods.invoke(soft(value, runtime), "strip", passed, runtime);
    }

    /** Each word in title case; words begin after whitespace, hyphens and opening brackets. */
    private static Object title(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("title", 0, 0);
        String text = Types.text(soft(value, runtime));
        runtime.budget().text(text.length());
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = at;
            boolean separator = isWordBegin(text.charAt(at));
            while (end < text.length() && isWordBegin(text.charAt(end)) == separator) {
                end++;
            }
            int rest = at + Character.charCount(text.codePointAt(at));
            out.append(Strings.upper(text.substring(at, rest)));
            out.append(Strings.lower(text.substring(rest, end)));
            at = end;
        }
        return out.toString();
    }

    private static boolean isWordBegin(char c) {
        return Strings.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }

    private static Object replace(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
        String text = runtime.text().str(value);
        String old = runtime.text().str(bound.required(0));
        String fresh = runtime.text().str(bound.required(1));
        Object count = bound.given(2);
        long most = count == null ? -1 : Numbers.index(count, "count");
        runtime.budget().work(text.length());
        return SearchMethods.replace(text, old, fresh, most, runtime.budget());
    }

    private static Object format(Runtime runtime, Object value, Arguments arguments) {
        if (!arguments.positional().isEmpty() && !arguments.keywords().isEmpty()) {
            throw TemplateException.raised(
                    "can't handle positional and keyword arguments at the same time");
        }
        Object right = new Tuple(arguments.positional());
        if (!arguments.keywords().isEmpty()) {
            Dict dict = new Dict();
            arguments.keywords().forEach(dict::put);
            right = dict;
        }
        return PercentFormat.format(soft(value, runtime), right, runtime);
    }

    private static Object indent(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!Types.isText(value)) {
            throw TemplateException.type("indent: expected a string, found " + Types.name(value));
        }
        Object width = bound.optional(0, 4L);
        String indentation;
        if (Types.isText(width)) {
            indentation = Types.text(width);
        } else {
            long spaces = Math.max(0, Numbers.index(width, "width"));
            runtime.budget().text(spaces);
            indentation = " ".repeat((int) spaces);
        }
        boolean blank = Comparison.truth(bound.optional(2, false));
        StringBuilder out = new StringBuilder();
        out.append(Comparison.truth(bound.optional(1, false)) ? indentation : "");
        List<Object> lines = SearchMethods.lines(Types.text(value) + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indented = i > 0 && (blank || !line.isEmpty());
            out.append(i > 0 ? "\n" : "").append(indented ? indentation : "").append(line);
            runtime.budget().requireText(out.length());
        }
        runtime.budget().text(out.length());
        return value instanceof Markup ? new Markup(out.toString()) : out.toString();
    }

    private static Object truncate(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
        long length = Numbers.index(bound.optional(0, 255L), "length");
        String end = StringMethods.string(bound.optional(2, "..."), "truncate");
        Object given = bound.given(3);
        long leeway = given == null ? 5 : Numbers.index(given, "leeway");
        if (length < Strings.length(end) || leeway < 0) {
            throw TemplateException.runtime(
                    "AssertionError",
                    "truncate: expected length >= %d and leeway >= 0, got %d and %d"
                            .formatted(Strings.length(end), length, leeway));
        }
        if (runtime.iteration().length(value) - leeway <= length) {
            return value;
        }
        String text = StringMethods.string(value, "truncate");
        runtime.budget().work(text.length());
        int cut = text.offsetByCodePoints(0, (int) length - Strings.length(end));
        String kept = text.substring(0, cut);
        int space = kept.lastIndexOf(' ');
        if (!Comparison.truth(bound.optional(1, false)) && space >= 0) {
            kept = kept.substring(0, space);
        }
        return runtime.arithmetic()
                .apply("+", value instanceof Markup ? new Markup(kept) : kept, end);
    }

    private static Object wordCount(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("wordcount", 0, 0);
        String text = Types.text(soft(value, runtime));
        runtime.budget().work(text.length());
        long words = 0;
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean word = isWordCharacter(c);
            words += word && !inside ? 1 : 0;
            inside = word;
        }
        return words;
    }

    static boolean isWordCharacter(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || c == '_'
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    /** Strings with something between them, as the filter {@code join} writes them. */
    static List<Object> texts(Iterable<Object> values, Runtime runtime) {
        List<Object> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(runtime.text().str(value));
        }
        return texts;
    }
}
