package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The methods of lists, tuples, dictionaries and ranges that change nothing. */
final class CollectionMethods {
    private CollectionMethods() {}

    static @Nullable Object find(List<?> list, String name) {
        return switch (name) {
            case "copy" ->
                    Function.method(
                            name,
                            (runtime, arguments) -> {
                                arguments.positional(name, 0, 0);
                                runtime.budget().elements(list.size());
                                return new ArrayList<Object>(list);
                            });
            case "count", "index" -> search(list, name);
            default -> null;
        };
    }

    static @Nullable Object find(Tuple tuple, String name) {
        if (tuple.names().contains(name)) {
            return tuple.items().get(tuple.names().indexOf(name));
        }
        return name.equals("count") || name.equals("index") ? search(tuple.items(), name) : null;
    }

    private static Function search(List<?> items, String name) {
        return Function.method(
                name,
                (runtime, arguments) ->
                        name.equals("count")
                                ? count(items, arguments, runtime)
                                : index(items, arguments, runtime));
    }

    private static long count(List<?> items, Arguments arguments, Runtime runtime) {
        Object value = arguments.positional("count", 1, 1).getFirst();
        long count = 0;
        for (Object item : items) {
            runtime.budget().step();
            if (runtime.comparison().equal(item, value)) {
                count++;
            }
        }
        return count;
    }

    private static long index(List<?> items, Arguments arguments, Runtime runtime) {
        List<Object> given = arguments.positional("index", 1, 3);
        long start = bound(given, 1, 0, items.size());
        long stop = bound(given, 2, items.size(), items.size());
        for (long i = start; i < stop; i++) {
            runtime.budget().step();
            if (runtime.comparison().equal(items.get((int) i), given.getFirst())) {
                return i;
            }
        }
        throw TemplateException.value("the value is not in the list");
    }

    private static long bound(List<Object> given, int at, long otherwise, int size) {
        if (at >= given.size()) {
            return otherwise;
        }
        long bound = Numbers.index(given.get(at), "slice index");
        return Math.clamp(bound < 0 ? bound + size : bound, 0, size);
    }

    static @Nullable Object find(Dict dict, String name) {
        return switch (name) {
            case "get" -> Function.method(name, (runtime, args) -> get(dict, args, runtime));
            case "items" -> view(dict, DictView.Kind.ITEMS, name);
            case "keys" -> view(dict, DictView.Kind.KEYS, name);
            case "values" -> view(dict, DictView.Kind.VALUES, name);
            case "copy" ->
                    Function.method(
                            name,
                            (runtime, arguments) -> {
                                arguments.positional(name, 0, 0);
                                Dict copy = new Dict();
                                copy.putAll(dict, runtime.budget());
                                return copy;
                            });
            case "fromkeys" -> Function.method(name, CollectionMethods::fromKeys);
            default -> null;
        };
    }

    private static Function view(Dict dict, DictView.Kind kind, String name) {
        return Function.method(
                name,
                (runtime, arguments) -> {
                    arguments.positional(name, 0, 0);
                    return new DictView(kind, dict);
                });
    }

    private static Object get(Dict dict, Arguments arguments, Runtime runtime) {
        List<Object> given = arguments.positional("get", 1, 2);
        Object value = dict.get(given.getFirst(), runtime.budget());
        if (value != null) {
            return value;
        }
        return given.size() > 1 ? given.get(1) : None.NONE;
    }

    private static Dict fromKeys(Runtime runtime, Arguments arguments) {
        List<Object> given = arguments.positional("fromkeys", 1, 2);
        Object value = given.size() > 1 ? given.get(1) : None.NONE;
        Dict dict = new Dict();
        for (Object key : runtime.iteration().list(given.getFirst())) {
            dict.put(key, value, runtime.budget());
        }
        return dict;
    }

    static @Nullable Object find(Range range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            case "count" ->
                    Function.method(
                            name,
                            (runtime, arguments) -> {
                                List<Object> all = runtime.iteration().list(range);
                                return count(all, arguments, runtime);
                            });
            case "index" ->
                    Function.method(
                            name,
                            (runtime, arguments) -> {
                                List<Object> all = runtime.iteration().list(range);
                                return index(all, arguments, runtime);
                            });
            default -> null;
        };
    }
}
