package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Attributes, elements and slices of values, within the sandbox: what begins with an underscore
 * cannot be reached, and neither can the methods that would change a list or dictionary.
 */
final class Members {
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT_CHANGES =
            Set.of("clear", "pop", "popitem", "setdefault", "update");

    /** Attributes that every object of Python has. */
    private static final Set<String> OBJECT_INTERNALS =
            Set.of(
                    "__class__",
                    "__delattr__",
                    "__dir__",
                    "__doc__",
                    "__eq__",
                    "__format__",
                    "__ge__",
                    "__getattribute__",
                    "__getstate__",
                    "__gt__",
                    "__hash__",
                    "__init__",
                    "__init_subclass__",
                    "__le__",
                    "__lt__",
                    "__ne__",
                    "__new__",
                    "__reduce__",
                    "__reduce_ex__",
                    "__repr__",
                    "__setattr__",
                    "__sizeof__",
                    "__str__",
                    "__subclasshook__");

    private static final Set<String> CONTAINER_INTERNALS =
            Set.of("__len__", "__iter__", "__getitem__", "__contains__");

    private static final Set<String> OPERATOR_INTERNALS =
            Set.of(
                    "__add__",
                    "__radd__",
                    "__sub__",
                    "__rsub__",
                    "__mul__",
                    "__rmul__",
                    "__truediv__",
                    "__rtruediv__",
                    "__floordiv__",
                    "__rfloordiv__",
                    "__mod__",
                    "__rmod__",
                    "__pow__",
                    "__rpow__",
                    "__pos__",
                    "__neg__",
                    "__int__",
                    "__float__");

    private static final Set<String> FUNCTION_INTERNALS =
            Set.of(
                    "__call__",
                    "__globals__",
                    "__code__",
                    "__closure__",
                    "__defaults__",
                    "__dict__",
                    "__module__",
                    "__name__",
                    "__qualname__",
                    "__self__",
                    "__kwdefaults__",
                    "__annotations__",
                    "__get__",
                    "__func__");

    private final Runtime runtime;
    private final Budget budget;

    Members(Runtime runtime) {
        this.runtime = runtime;
        this.budget = runtime.budget();
    }

    /** {@code object.name}: the attribute, else the element. */
    Object attribute(Object object, String name) {
        if (object instanceof Undefined undefined && !isInternal(object, name)) {
            throw undefined.error();
        }
        Object attribute = find(object, name);
        if (attribute != null) {
            return attribute;
        }
        Object element = element(object, name);
        return element == null ? Undefined.member(object, name) : element;
    }

    /** {@code object[index]}: the element, else the attribute. */
    Object item(Object object, Object index) {
        if (object instanceof Undefined undefined) {
            throw undefined.error();
        }
        Object element = element(object, index);
        if (element != null) {
            return element;
        }
        Object attribute = Types.isText(index) ? find(object, Types.text(index)) : null;
        return attribute == null ? Undefined.member(object, index) : attribute;
    }

    /** Whether {@code hasattr} holds. */
    boolean hasAttribute(Object object, String name) {
        return !(object instanceof Undefined) && find(object, name) != null;
    }

    private @Nullable Object find(Object object, String name) {
        if (object instanceof Namespace namespace && !name.equals("__class__")) {
            Object value = namespace.attributes().get(name);
            return value != null && name.startsWith("_") ? Undefined.unsafe(object, name) : value;
        }
        if (name.startsWith("__")) {
            return isInternal(object, name) ? Undefined.unsafe(object, name) : null;
        }
        boolean changes =
                object instanceof List<?> && LIST_CHANGES.contains(name)
                        || object instanceof Dict && DICT_CHANGES.contains(name);
        if (changes) {
            return Undefined.unsafe(object, name);
        }
        return switch (object) {
            case String text -> StringMethods.find(text, name);
            case Markup markup -> StringMethods.find(markup, name);
            case List<?> list -> CollectionMethods.find(list, name);
            case Tuple tuple -> CollectionMethods.find(tuple, name);
            case Dict dict -> CollectionMethods.find(dict, name);
            case Range range -> CollectionMethods.find(range, name);
            case LoopContext loop -> loop.attribute(name, runtime);
            case Macro macro -> macro.attribute(name);
            case Cycler cycler -> cycler.attribute(name);
            default -> Types.isNumber(object) ? NumberMethods.find(object, name, runtime) : null;
        };
    }

    private static boolean isInternal(Object object, String name) {
        return OBJECT_INTERNALS.contains(name)
                || object instanceof Callable && FUNCTION_INTERNALS.contains(name)
                || Iteration.isSized(object) && CONTAINER_INTERNALS.contains(name)
                || hasOperators(object) && OPERATOR_INTERNALS.contains(name);
    }

    private static boolean hasOperators(Object object) {
        return object instanceof Undefined
                || object instanceof Tuple
                || object instanceof List<?>
                || Types.isText(object)
                || Types.isNumber(object);
    }

    /** The element at an index or key, or null where Python raises an error. */
    private @Nullable Object element(Object object, Object index) {
        if (object instanceof Dict dict) {
            return index instanceof List<?> || index instanceof Dict
                    ? null
                    : dict.get(index, budget);
        }
        if (!Types.isInteger(index)) {
            return null;
        }
        long at = Numbers.index(index, "index");
        return switch (object) {
            case String text -> character(text, at);
            case Markup markup -> {
                Object character = character(markup.text(), at);
                yield character == null ? null : new Markup((String) character);
            }
            case List<?> list -> at(list, at);
            case Tuple tuple -> at(tuple.items(), at);
            case Range range -> {
                long from = at < 0 ? at + range.size() : at;
                yield from >= 0 && from < range.size() ? (Object) range.get((int) from) : null;
            }
            default -> null;
        };
    }

    private static @Nullable Object at(List<?> items, long index) {
        long from = index < 0 ? index + items.size() : index;
        return from >= 0 && from < items.size() ? items.get((int) from) : null;
    }

    private @Nullable Object character(String text, long index) {
        if (index >= text.length() || index < -text.length()) {
            return null;
        }
        budget.work(Math.abs(index) / 8);
        try {
            int at = text.offsetByCodePoints(index < 0 ? text.length() : 0, (int) index);
            return at == text.length() ? null : Character.toString(text.codePointAt(at));
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** {@code object[start:stop:step]}. */
    Object slice(Object object, Object start, Object stop, Object step) {
        if (object instanceof Undefined undefined) {
            throw undefined.error();
        }
        return switch (object) {
            case String text -> sliced(text, start, stop, step);
            case Markup markup -> new Markup(sliced(markup.text(), start, stop, step));
            case List<?> list -> sliced(list, start, stop, step);
            case Tuple tuple -> new Tuple(sliced(tuple.items(), start, stop, step));
            case Range range -> {
                Range chosen = indices(range.size(), start, stop, step);
                long from = range.start() + chosen.start() * range.step();
                long to = range.start() + chosen.stop() * range.step();
                yield new Range(from, to, range.step() * chosen.step());
            }
            case Dict ignored -> throw TemplateException.type("unhashable type: 'slice'");
            default ->
                    throw TemplateException.type(
                            "'%s' object is not subscriptable".formatted(Types.name(object)));
        };
    }

    private List<Object> sliced(List<?> items, Object start, Object stop, Object step) {
        Range chosen = indices(items.size(), start, stop, step);
        int size = chosen.size();
        budget.elements(size);
        List<Object> result = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            result.add(items.get((int) chosen.get(i)));
        }
        return result;
    }

    private String sliced(String text, Object start, Object stop, Object step) {
        int length = Strings.length(text);
        budget.work(text.length() / 8);
        Range chosen = indices(length, start, stop, step);
        int size = chosen.size();
        if (size == 0) {
            return "";
        }
        budget.text(size);
        if (chosen.step() == 1) {
            int begin = text.offsetByCodePoints(0, (int) chosen.start());
            return text.substring(begin, text.offsetByCodePoints(begin, size));
        }
        boolean plain = length == text.length();
        int[] points = plain ? new int[0] : text.codePoints().toArray();
        StringBuilder result = new StringBuilder(size);
        for (int i = 0; i < size; i++) {
            int at = (int) chosen.get(i);
            result.appendCodePoint(plain ? text.charAt(at) : points[at]);
        }
        return result.toString();
    }

    /** The indices that a slice of a sequence takes, all of them valid. */
    private static Range indices(int length, Object start, Object stop, Object step) {
        long by = step == None.NONE ? 1 : bound(step);
        if (by == 0) {
            throw TemplateException.value("slice step cannot be zero");
        }
        by = Math.clamp(by, -Integer.MAX_VALUE, Integer.MAX_VALUE);
        long least = by > 0 ? 0 : -1;
        long most = by > 0 ? length : length - 1;
        long from = by > 0 ? least : most;
        long to = by > 0 ? most : least;
        if (start != None.NONE) {
            from = clamped(bound(start), length, least, most);
        }
        if (stop != None.NONE) {
            to = clamped(bound(stop), length, least, most);
        }
        return new Range(from, to, by);
    }

    private static long clamped(long bound, int length, long least, long most) {
        return Math.clamp(bound < 0 ? bound + length : bound, least, most);
    }

    private static long bound(Object value) {
        if (!Types.isInteger(value)) {
            throw TemplateException.type(
                    "slice indices must be integers or None or have an __index__ method");
        }
        return Numbers.index(value, "slice index");
    }
}
