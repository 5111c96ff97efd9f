package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Filters that go through elements one by one, when they are asked for. */
final class SelectionFilters {
    private SelectionFilters() {}

    /** What is done to an element: null leaves it out. */
    private interface Step {
        @Nullable Object apply(Object element);
    }

    /** Prepares the step when the first element is asked for, as a generator of Python does. */
    private interface Preparation {
        Step prepare();
    }

    static void addTo(Map<String, Filters.Body> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("unique", SelectionFilters::unique);
        filters.put("select", (runtime, value, args) -> choose(runtime, value, args, true, false));
        filters.put("reject", (runtime, value, args) -> choose(runtime, value, args, false, false));
        filters.put(
                "selectattr", (runtime, value, args) -> choose(runtime, value, args, true, true));
        filters.put(
                "rejectattr", (runtime, value, args) -> choose(runtime, value, args, false, true));
    }

    private static Object map(Runtime runtime, Object value, Arguments arguments) {
        return lazily(
                runtime,
                value,
                true,
                () -> {
                    if (arguments.positional().isEmpty()
                            && arguments.keywords().containsKey("attribute")) {
                        Attributes path = path(arguments);
                        return element -> path.get(element, runtime);
                    }
                    if (arguments.positional().isEmpty()) {
                        throw TemplateException.raised("map requires a filter argument");
                    }
                    String name = name(arguments.positional().getFirst());
                    Arguments rest = arguments.from(1);
                    requireKnown(Filters.exists(name), "filter", name);
                    return element -> Filters.apply(name, runtime, element, rest);
                });
    }

    private static Attributes path(Arguments arguments) {
        Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
        Object attribute = keywords.remove("attribute");
        Object otherwise = keywords.remove("default");
        if (!keywords.isEmpty()) {
            throw TemplateException.raised(
                    "Unexpected keyword argument '%s'"
                            .formatted(keywords.keySet().iterator().next()));
        }
        return Attributes.of(
                attribute == None.NONE ? null : attribute,
                otherwise == None.NONE ? null : otherwise,
                false);
    }

    private static void requireKnown(boolean known, String kind, String name) {
        if (!known) {
            throw TemplateException.raised("No " + kind + " named '" + name + "'.");
        }
    }

    private static String name(Object value) {
        return Types.isText(value) ? Types.text(value) : "of type " + Types.name(value);
    }

    private static Object choose(
            Runtime runtime, Object value, Arguments arguments, boolean wanted, boolean attribute) {
        return lazily(
                runtime,
                value,
                true,
                () -> {
                    List<Object> given = arguments.positional();
                    if (attribute && given.isEmpty()) {
                        throw TemplateException.raised("Missing parameter for attribute name");
                    }
                    int used = attribute ? 1 : 0;
                    Attributes path =
                            Attributes.of(
                                    attribute && given.getFirst() != None.NONE
                                            ? given.getFirst()
                                            : null,
                                    null,
                                    false);
                    if (given.size() == used) {
                        return element ->
                                Comparison.truth(path.get(element, runtime)) == wanted
                                        ? element
                                        : null;
                    }
                    String name = name(given.get(used));
                    Arguments rest = arguments.from(used + 1);
                    requireKnown(Tests.exists(name), "test", name);
                    return element ->
                            Tests.apply(name, runtime, path.get(element, runtime), rest) == wanted
                                    ? element
                                    : null;
                });
    }

    private static Object unique(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
        boolean ignoreCase = !Comparison.truth(bound.optional(0, false));
        Attributes path = Attributes.of(bound.given(1), null, ignoreCase);
        return lazily(
                runtime,
                value,
                false,
                () -> {
                    Set<Object> seen = new HashSet<>();
                    return element -> {
                        Object key = path.get(element, runtime);
                        runtime.budget().elements(1);
                        return seen.add(Dict.hashed(key, runtime.budget())) ? element : null;
                    };
                });
    }

    /**
     * The results of a step on each element.
     *
     * @param lenient whether a value that is not true counts as empty
     */
    private static LazyIterator lazily(
            Runtime runtime, Object value, boolean lenient, Preparation preparation) {
        return LazyIterator.generator(
                new Iterator<>() {
                    private @Nullable Iterator<Object> elements;
                    private @Nullable Step step;
                    private @Nullable Object next;

                    @Override
                    public boolean hasNext() {
                        if (elements == null) {
                            elements = begin();
                        }
                        while (next == null && elements.hasNext()) {
                            runtime.budget().enter();
                            Object element = elements.next();
                            next = step == null ? null : step.apply(element);
                            runtime.budget().leave();
                        }
                        return next != null;
                    }

                    private Iterator<Object> begin() {
                        if (lenient && !Comparison.truth(value)) {
                            return Collections.emptyIterator();
                        }
                        step = preparation.prepare();
                        return runtime.iteration().iterator(value);
                    }

                    @Override
                    public Object next() {
                        Object result = hasNext() ? next : null;
                        if (result == null) {
                            throw new NoSuchElementException();
                        }
                        next = null;
                        return result;
                    }
                });
    }
}
