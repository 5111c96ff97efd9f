package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters for HTML and URLs. */
final class HtmlFilters {
    private HtmlFilters() {}

    static void addTo(Map<String, Filters.Body> filters) {
        filters.put("escape", HtmlFilters::escape);
        filters.put("e", HtmlFilters::escape);
        filters.put(
                "forceescape",
                (runtime, value, arguments) -> Markup.escape(runtime.text().str(value), runtime));
        filters.put(
                "safe",
                (runtime, value, arguments) -> {
                    arguments.positional("safe", 0, 0);
                    return new Markup(runtime.text().str(value));
                });
        filters.put(
                "striptags",
                (runtime, value, arguments) ->
                        Html.withoutTags(runtime.text().str(value), runtime.budget()));
        filters.put("urlencode", HtmlFilters::urlEncode);
        filters.put("xmlattr", HtmlFilters::xmlAttributes);
        filters.put(
                "urlize",
                (runtime, value, arguments) -> {
                    throw TemplateException.type(
                            "the filter urlize is not available in a chat template");
                });
    }

    private static Object escape(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("escape", 0, 0);
        return Markup.escape(value, runtime);
    }

    private static Object urlEncode(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("urlencode", 0, 0);
        Budget budget = runtime.budget();
        if (Types.isText(value) || !Iteration.isIterable(value)) {
            return Html.quoteUrl(runtime.text().str(value), false, budget);
        }
        Object items = value instanceof Dict dict ? dict.items() : value;
        List<Object> parts = new ArrayList<>();
        for (Object item : runtime.iteration().list(items)) {
            List<Object> pair = runtime.iteration().list(item);
            if (pair.size() != 2) {
                throw TemplateException.value(
                        "urlencode: expected pairs, found %d values".formatted(pair.size()));
            }
            String key = Html.quoteUrl(runtime.text().str(pair.getFirst()), true, budget);
            parts.add(key + "=" + Html.quoteUrl(runtime.text().str(pair.getLast()), true, budget));
        }
        return StringMethods.joined("&", parts, budget);
    }

    private static Object xmlAttributes(Runtime runtime, Object value, Arguments arguments) {
        boolean space = Comparison.truth(arguments.bind("xmlattr", "autospace").optional(0, true));
        if (!(value instanceof Dict dict)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : TemplateException.runtime(
                            "AttributeError",
                            "'%s' object has no attribute 'items'".formatted(Types.name(value)));
        }
        List<Object> parts = new ArrayList<>();
        for (Object item : dict.items()) {
            Object key = Types.items(item).getFirst();
            Object attribute = Types.items(item).getLast();
            if (attribute == None.NONE || attribute instanceof Undefined) {
                continue;
            }
            String name = StringMethods.string(key, "xmlattr");
            if (name.chars().anyMatch(c -> " \t\n\r\f\u000b/>=".indexOf(c) >= 0)) {
                throw TemplateException.value(
                        "Invalid character in attribute name: " + runtime.text().repr(name));
            }
            parts.add(
                    Markup.escape(key, runtime).text()
                            + "=\""
                            + Markup.escape(attribute, runtime).text()
                            + "\"");
        }
        String joined = StringMethods.joined(" ", parts, runtime.budget());
        return space && !joined.isEmpty() ? " " + joined : joined;
    }
}
