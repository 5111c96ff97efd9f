package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The filters, by name. */
final class Filters {
    /** Turns a value into another; the arguments follow it. */
    interface Body {
        Object apply(Runtime runtime, Object value, Arguments arguments);
    }

    private static final Map<String, Body> ALL = new HashMap<>();

    static {
        TextFilters.addTo(ALL);
        HtmlFilters.addTo(ALL);
        NumberFilters.addTo(ALL);
        SequenceFilters.addTo(ALL);
        SelectionFilters.addTo(ALL);
        ALL.put("default", Filters::orDefault);
        ALL.put("d", Filters::orDefault);
        ALL.put("attr", Filters::attribute);
        ALL.put("tojson", Json::filter);
    }

    private Filters() {}

    static boolean exists(@Nullable String name) {
        return name != null && ALL.containsKey(name);
    }

    static Object apply(String name, Runtime runtime, Object value, Arguments arguments) {
        Body filter = ALL.get(name);
        if (filter == null) {
            throw TemplateException.raised("No filter named '" + name + "' found.");
        }
        runtime.budget().step();
        arguments.pay(runtime.budget());
        return filter.apply(runtime, value, arguments);
    }

    private static Object orDefault(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
        boolean replaced =
                value instanceof Undefined
                        || Comparison.truth(bound.optional(1, false)) && !Comparison.truth(value);
        return replaced ? bound.optional(0, "") : value;
    }

    private static Object attribute(Runtime runtime, Object value, Arguments arguments) {
        Object name = arguments.bind("attr", "name").required(0);
        if (!Types.isText(name)) {
            throw TemplateException.type("attribute name must be string");
        }
        String attribute = Types.text(name);
        if (value instanceof Undefined undefined && !attribute.startsWith("__")) {
            throw undefined.error();
        }
        return runtime.members().hasAttribute(value, attribute)
                ? runtime.members().attribute(value, attribute)
                : Undefined.member(value, attribute);
    }
}
