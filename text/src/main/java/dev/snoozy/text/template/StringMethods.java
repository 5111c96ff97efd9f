package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of strings. */
final class StringMethods {
    /** What a method does. */
    interface Method {
        Object call(String self, Arguments arguments, Runtime runtime);
    }

    private static final Map<String, Method> ALL = new HashMap<>();

    /** Methods whose result stays marked safe, and whose arguments are escaped for it. */
    private static final Set<String> ESCAPING =
            Set.of(
                    "capitalize",
                    "title",
                    "lower",
                    "upper",
                    "replace",
                    "ljust",
                    "rjust",
                    "lstrip",
                    "rstrip",
                    "strip",
                    "center",
                    "expandtabs",
                    "swapcase",
                    "zfill",
                    "casefold",
                    "removeprefix",
                    "removesuffix",
                    "join");

    /** Methods whose results stay marked safe. */
    private static final Set<String> KEEPING =
            Set.of("split", "rsplit", "splitlines", "partition", "rpartition");

    static {
        convert("upper", Strings::upper);
        convert("lower", Strings::lower);
        convert("capitalize", Strings::capitalized);
        convert(
                "casefold",
                text -> Strings.lower(Strings.upper(text)).replace("ß", "ss").replace('ς', 'σ'));
        convert("title", StringMethods::title);
        convert("swapcase", StringMethods::swapCase);
        all("isalpha", Character::isLetter);
        all("isdecimal", Character::isDigit);
        all("isdigit", StringMethods::isDigit);
        all("isnumeric", c -> isDigit(c) || Character.getNumericValue(c) >= 0 && isNumeral(c));
        all("isalnum", c -> Character.isLetter(c) || isDigit(c) || isNumeral(c));
        all("isspace", Strings::isSpace);
        test("isascii", text -> text.chars().allMatch(c -> c < 128));
        test("isprintable", text -> text.codePoints().allMatch(Text::isPrintable));
        test("islower", text -> isCased(text, Character::isLowerCase));
        test("isupper", text -> isCased(text, Character::isUpperCase));
        test("istitle", StringMethods::isTitle);
        test("isidentifier", StringMethods::isIdentifier);
        SearchMethods.addTo(ALL);
        PaddingMethods.addTo(ALL);
        ALL.put("join", StringMethods::join);
        ALL.put(
                "format",
                (self, arguments, runtime) -> BraceFormat.format(self, arguments, runtime, false));
        ALL.put("format_map", StringMethods::formatMap);
        for (String name : List.of("encode", "maketrans", "translate")) {
            ALL.put(
                    name,
                    (self, arguments, runtime) -> {
                        throw TemplateException.type(
                                "str." + name + "() is not available in a chat template");
                    });
        }
    }

    private StringMethods() {}

    private static void convert(String name, UnaryOperator<String> conversion) {
        ALL.put(
                name,
                (self, arguments, runtime) -> {
                    arguments.positional(name, 0, 0);
                    return conversion.apply(self);
                });
    }

    private interface Test {
        boolean apply(String text);
    }

    private static void test(String name, Test test) {
        ALL.put(
                name,
                (self, arguments, runtime) -> {
                    arguments.positional(name, 0, 0);
                    return test.apply(self);
                });
    }

    private static void all(String name, IntPredicate predicate) {
        test(name, text -> !text.isEmpty() && text.codePoints().allMatch(predicate));
    }

    /** A method bound to a string, or null if there is none of that name. */
    static @Nullable Function find(Object text, String name) {
        return ALL.containsKey(name)
                ? Function.method(
                        name, (runtime, arguments) -> invoke(text, name, arguments, runtime))
                : null;
    }

    /** Calls a method of a string, marked safe or not. */
    static Object invoke(Object text, String name, Arguments arguments, Runtime runtime) {
        Method method = ALL.get(name);
        if (method == null) {
            throw TemplateException.type("str has no method " + name);
        }
        String self = Types.text(text);
        runtime.budget().work(self.length());
        arguments.pay(runtime.budget());
        if (!(text instanceof Markup)) {
            return paid(method.call(self, arguments, runtime), runtime);
        }
        if (name.startsWith("format")) {
            return new Markup(BraceFormat.format(self, arguments, runtime, true));
        }
        if (ESCAPING.contains(name)) {
            return marked(method.call(self, escaped(arguments, name, runtime), runtime));
        }
        Object result = method.call(self, arguments, runtime);
        return KEEPING.contains(name) ? marked(result) : result;
    }

    private static Object paid(Object result, Runtime runtime) {
        if (result instanceof String text) {
            runtime.budget().text(text.length());
        }
        return result;
    }

    private static Arguments escaped(Arguments arguments, String name, Runtime runtime) {
        List<Object> positional = new ArrayList<>();
        for (Object argument : arguments.positional()) {
            if (name.equals("join")) {
                List<Object> parts = runtime.iteration().list(argument);
                parts.replaceAll(part -> Markup.escape(part, runtime).text());
                positional.add(parts);
            } else {
                positional.add(
                        Types.isText(argument)
                                ? Markup.escape(argument, runtime).text()
                                : argument);
            }
        }
        return new Arguments(positional, arguments.keywords());
    }

    private static Object marked(Object result) {
        return switch (result) {
            case String text -> new Markup(text);
            case Tuple tuple -> new Tuple(markedAll(tuple.items()));
            case List<?> list -> markedAll(list);
            default -> result;
        };
    }

    private static List<Object> markedAll(List<?> parts) {
        List<Object> marked = new ArrayList<>();
        parts.forEach(part -> marked.add(marked(part)));
        return marked;
    }

    /** An argument that must be a string. */
    static String string(Object value, String method) {
        if (!Types.isText(value)) {
            throw TemplateException.type(
                    "%s() argument must be str, not %s".formatted(method, Types.name(value)));
        }
        return Types.text(value);
    }

    private static Object join(String self, Arguments arguments, Runtime runtime) {
        Object parts = arguments.positional("join", 1, 1).getFirst();
        List<Object> list = runtime.iteration().list(parts);
        for (int i = 0; i < list.size(); i++) {
            if (!Types.isText(list.get(i))) {
                throw TemplateException.type(
                        "sequence item %d: expected str instance, %s found"
                                .formatted(i, Types.name(list.get(i))));
            }
        }
        return joined(self, list, runtime.budget());
    }

    /** Strings with a separator between them. */
    static String joined(String separator, List<Object> parts, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = Types.text(parts.get(i));
            budget.requireText((long) out.length() + separator.length() + part.length());
            out.append(i > 0 ? separator : "").append(part);
        }
        return out.toString();
    }

    private static Object formatMap(String self, Arguments arguments, Runtime runtime) {
        Object mapping = arguments.positional("format_map", 1, 1).getFirst();
        if (!(mapping instanceof Dict dict)) {
            throw TemplateException.type(
                    "format_map() expected a mapping, found " + Types.name(mapping));
        }
        Map<String, Object> keywords = new HashMap<>();
        for (Object key : dict.keys()) {
            Object value = dict.get(key, runtime.budget());
            if (Types.isText(key) && value != null) {
                keywords.put(Types.text(key), value);
            }
        }
        return BraceFormat.format(self, new Arguments(List.of(), keywords), runtime, false);
    }

    /** Each word's first letter in title case, the others in lower case. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            String character = Character.toString(c);
            out.append(inside ? Strings.lower(character) : Strings.titleCase(c));
            inside = isCasedLetter(c);
        }
        return out.toString();
    }

    private static boolean isTitle(String text) {
        boolean inside = false;
        boolean found = false;
        for (int c : text.codePoints().toArray()) {
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if (upper && inside || Character.isLowerCase(c) && !inside) {
                return false;
            }
            inside = isCasedLetter(c);
            found |= inside;
        }
        return found;
    }

    private static String swapCase(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int c : text.codePoints().toArray()) {
            String character = Character.toString(c);
            out.append(
                    Character.isUpperCase(c) ? Strings.lower(character) : Strings.upper(character));
        }
        return out.toString();
    }

    private static boolean isCasedLetter(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    private static boolean isCased(String text, IntPredicate expected) {
        return text.codePoints().anyMatch(expected)
                && text.codePoints().filter(StringMethods::isCasedLetter).allMatch(expected);
    }

    private static boolean isDigit(int c) {
        int value = Character.getNumericValue(c);
        return Character.isDigit(c)
                || Character.getType(c) == Character.OTHER_NUMBER && value >= 0 && value <= 9;
    }

    private static boolean isNumeral(int c) {
        int type = Character.getType(c);
        return type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && (Character.isUnicodeIdentifierStart(text.codePointAt(0))
                        || text.charAt(0) == '_')
                && text.codePoints()
                        .allMatch(c ->
                                Character.isUnicodeIdentifierPart(c)
                                        && !Character.isIdentifierIgnorable(c));
    }
}
