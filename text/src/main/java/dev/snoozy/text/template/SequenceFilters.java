package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Filters on sequences as wholes: their length, ends, order and groups. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Body> filters) {
        Filters.Body length =
                (runtime, value, arguments) -> {
                    arguments.positional("length", 0, 0);
                    return runtime.iteration().length(value);
                };
        filters.put("length", length);
        filters.put("count", length);
        filters.put(
                "list",
                (runtime, value, arguments) -> {
                    arguments.positional("list", 0, 0);
                    return runtime.iteration().list(value);
                });
        filters.put("first", SequenceFilters::first);
        filters.put("last", SequenceFilters::last);
        filters.put("random", SequenceFilters::random);
        filters.put("reverse", SequenceFilters::reverse);
        filters.put("join", SequenceFilters::join);
        filters.put("items", SequenceFilters::items);
        filters.put("sort", SequenceFilters::sort);
        filters.put("dictsort", SequenceFilters::dictSort);
        filters.put("groupby", SequenceFilters::groupBy);
        filters.put("min", (runtime, value, args) -> extreme(runtime, value, args, false));
        filters.put("max", (runtime, value, args) -> extreme(runtime, value, args, true));
        filters.put("sum", SequenceFilters::sum);
        filters.put("batch", SequenceFilters::batch);
        filters.put("slice", SequenceFilters::slice);
    }

    private static Object first(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("first", 0, 0);
        Iterator<Object> elements = runtime.iteration().iterator(value);
        return elements.hasNext()
                ? elements.next()
                : Undefined.because("No first item, sequence was empty.");
    }

    private static Object last(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("last", 0, 0);
        if (value instanceof List<?> list && !list.isEmpty()) {
            return list.getLast();
        }
        List<Object> elements = reversible(value, runtime);
        return elements.isEmpty()
                ? Undefined.because("No last item, sequence was empty.")
                : elements.getLast();
    }

    private static List<Object> reversible(Object value, Runtime runtime) {
        if (!Iteration.isSized(value) || value instanceof LoopContext) {
            throw TemplateException.type("'" + Types.name(value) + "' object is not reversible");
        }
        return runtime.iteration().list(value);
    }

    private static Object random(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("random", 0, 0);
        List<Object> elements = reversible(value, runtime);
        return elements.isEmpty()
                ? Undefined.because("No random item, sequence was empty.")
                : elements.get(ThreadLocalRandom.current().nextInt(elements.size()));
    }

    private static Object reverse(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("reverse", 0, 0);
        if (Types.isText(value)) {
            runtime.budget().text(Types.text(value).length());
            String reversed = Strings.reversed(Types.text(value));
            return value instanceof Markup ? new Markup(reversed) : reversed;
        }
        if (!Iteration.isIterable(value)) {
            throw TemplateException.raised("argument must be iterable");
        }
        List<Object> elements = runtime.iteration().list(value);
        Collections.reverse(elements);
        return value instanceof LazyIterator
                ? elements
                : new LazyIterator("list_reverseiterator", elements.iterator());
    }

    private static Object join(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("join", "d", "attribute");
        String separator = runtime.text().str(bound.optional(0, ""));
        Object attribute = bound.given(1);
        List<Object> elements = runtime.iteration().list(value);
        if (attribute != null) {
            Attributes path = Attributes.of(attribute, null, false);
            elements.replaceAll(element -> path.get(element, runtime));
        }
        String joined =
                StringMethods.joined(
                        separator, TextFilters.texts(elements, runtime), runtime.budget());
        runtime.budget().text(joined.length());
        return joined;
    }

    private static Object items(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("items", 0, 0);
        return LazyIterator.generator(() -> pairs(runtime, value));
    }

    private static Iterator<Object> pairs(Runtime runtime, Object value) {
        if (value instanceof Undefined) {
            return Collections.emptyIterator();
        }
        if (!(value instanceof Dict dict)) {
            throw TemplateException.type("Can only get item pairs from a mapping.");
        }
        return runtime.iteration().iterator(new DictView(DictView.Kind.ITEMS, dict));
    }

    private static Object sort(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
        boolean ignoreCase = !Comparison.truth(bound.optional(1, false));
        Object attribute = bound.given(2);
        List<Attributes> paths = new ArrayList<>();
        if (attribute != null && Types.isText(attribute)) {
            String[] parts = Types.text(attribute).split(",", -1);
            runtime.budget().elements(parts.length);
            for (String part : parts) {
                paths.add(Attributes.of(part, null, ignoreCase));
            }
        } else {
            paths.add(Attributes.of(attribute, null, ignoreCase));
        }
        List<Comparison.Keyed> keyed = new ArrayList<>();
        for (Object element : runtime.iteration().list(value)) {
            List<Object> key = new ArrayList<>();
            paths.forEach(path -> key.add(path.get(element, runtime)));
            keyed.add(new Comparison.Keyed(key, element));
        }
        boolean descending = Comparison.truth(bound.optional(0, false));
        return runtime.comparison().sorted(keyed, descending);
    }

    private static Object dictSort(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
        Object by = bound.optional(1, "key");
        boolean byKey = by.equals("key");
        if (!byKey && !by.equals("value")) {
            throw TemplateException.raised("You can only sort by either \"key\" or \"value\"");
        }
        if (!(value instanceof Dict dict)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : TemplateException.runtime(
                            "AttributeError",
                            "'%s' object has no attribute 'items'".formatted(Types.name(value)));
        }
        boolean sensitive = Comparison.truth(bound.optional(0, false));
        runtime.budget().elements(dict.size());
        List<Comparison.Keyed> keyed = new ArrayList<>();
        for (Object item : dict.items()) {
            List<?> pair = Types.items(item);
            Object key = byKey ? pair.getFirst() : pair.getLast();
            keyed.add(
                    new Comparison.Keyed(sensitive ? key : Attributes.folded(key, runtime), item));
        }
        boolean descending = Comparison.truth(bound.optional(2, false));
        return runtime.comparison().sorted(keyed, descending);
    }

    private static Object groupBy(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
        Object attribute = bound.required(0) == None.NONE ? null : bound.required(0);
        boolean ignoreCase = !Comparison.truth(bound.optional(2, false));
        Attributes path = Attributes.of(attribute, bound.given(1), false);
        Attributes order = Attributes.of(attribute, bound.given(1), ignoreCase);
        List<Comparison.Keyed> keyed = new ArrayList<>();
        for (Object element : runtime.iteration().list(value)) {
            keyed.add(new Comparison.Keyed(order.get(element, runtime), element));
        }
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        Object current = None.NONE;
        for (Object element : runtime.comparison().sorted(keyed, false)) {
            Object key = order.get(element, runtime);
            if (group.isEmpty() || !runtime.comparison().equal(key, current)) {
                group = new ArrayList<>();
                groups.add(
                        new Tuple(
                                List.of(path.get(element, runtime), group),
                                List.of("grouper", "list")));
                current = key;
            }
            group.add(element);
        }
        return groups;
    }

    private static Object extreme(
            Runtime runtime, Object value, Arguments arguments, boolean greatest) {
        Arguments.Bound bound =
                arguments.bind(greatest ? "max" : "min", "case_sensitive", "attribute");
        boolean ignoreCase = !Comparison.truth(bound.optional(0, false));
        Attributes path = Attributes.of(bound.given(1), null, ignoreCase);
        Iterator<Object> elements = runtime.iteration().iterator(value);
        if (!elements.hasNext()) {
            return Undefined.because("No aggregated item, sequence was empty.");
        }
        Object best = elements.next();
        Object bestKey = path.get(best, runtime);
        while (elements.hasNext()) {
            Object element = elements.next();
            Object key = path.get(element, runtime);
            boolean better =
                    greatest
                            ? runtime.comparison().ordered(">", key, bestKey)
                            : runtime.comparison().ordered("<", key, bestKey);
            if (better) {
                best = element;
                bestKey = key;
            }
        }
        return best;
    }

    private static Object sum(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
        Object attribute = bound.given(0);
        Object sum = bound.optional(1, 0L);
        if (Types.isText(sum)) {
            throw TemplateException.type("sum() can't sum strings [use ''.join(seq) instead]");
        }
        Attributes path = Attributes.of(attribute, null, false);
        Iterator<Object> elements = runtime.iteration().iterator(value);
        while (elements.hasNext()) {
            sum = runtime.arithmetic().apply("+", sum, path.get(elements.next(), runtime));
        }
        return sum;
    }

    private static Object batch(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
        long size = Numbers.index(bound.required(0), "linecount");
        Object fill = bound.given(1);
        return LazyIterator.generator(() -> batches(runtime, value, size, fill));
    }

    private static Iterator<Object> batches(
            Runtime runtime, Object value, long size, @Nullable Object fill) {
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object element : runtime.iteration().list(value)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(element);
        }
        if (!batch.isEmpty()) {
            long missing = fill == null ? 0 : size - batch.size();
            runtime.budget().elements(Math.max(0, missing));
            for (long i = 0; fill != null && i < missing; i++) {
                batch.add(fill);
            }
            batches.add(batch);
        }
        return batches.iterator();
    }

    private static Object slice(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
        long count = Numbers.index(bound.required(0), "slices");
        Object fill = bound.given(1);
        return LazyIterator.generator(() -> slices(runtime, value, count, fill));
    }

    private static Iterator<Object> slices(
            Runtime runtime, Object value, long count, @Nullable Object fill) {
        List<Object> elements = runtime.iteration().list(value);
        if (count == 0) {
            throw TemplateException.runtime(
                    "ZeroDivisionError", "integer division or modulo by zero");
        }
        runtime.budget().elements(Math.max(0, count));
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (long i = 0; i < count; i++) {
            boolean longer = i < elements.size() % count;
            int to = from + (int) (elements.size() / count) + (longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(elements.subList(from, to));
            if (fill != null && !longer) {
                slice.add(fill);
            }
            slices.add(slice);
            from = to;
        }
        return slices.iterator();
    }
}
