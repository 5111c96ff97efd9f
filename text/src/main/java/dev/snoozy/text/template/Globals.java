package dev.snoozy.text.template;

import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {
    static final Map<String, Object> VALUES =
            Map.of(
                    "range",
                    Function.global("range", Globals::range),
                    "dict",
                    new Function("dict", "type", Globals::dict),
                    "lipsum",
                    Function.global("lipsum", Globals::lipsum),
                    "cycler",
                    new Function("cycler", "type", Globals::cycler),
                    "joiner",
                    new Function("joiner", "type", Globals::joiner),
                    "namespace",
                    new Function(
                            "namespace",
                            "type",
                            (runtime, arguments) -> new Namespace(dict(runtime, arguments))),
                    "raise_exception",
                    Function.global("raise_exception", Globals::raise),
                    "strftime_now",
                    Function.global("strftime_now", Globals::strftimeNow));

    private Globals() {}

    private static Range range(Runtime runtime, Arguments arguments) {
        List<Object> bounds = arguments.positional("range", 1, 3);
        for (Object bound : bounds) {
            if (!Types.isInteger(bound)) {
                throw TemplateException.type(
                        "'%s' object cannot be interpreted as an integer"
                                .formatted(Types.name(bound)));
            }
        }
        long first = Numbers.index(bounds.getFirst(), "range() argument");
        if (bounds.size() == 1) {
            return Range.checked(0, first, 1);
        }
        long stop = Numbers.index(bounds.get(1), "range() argument");
        long step = bounds.size() == 3 ? Numbers.index(bounds.get(2), "range() argument") : 1;
        return Range.checked(first, stop, step);
    }

    private static Dict dict(Runtime runtime, Arguments arguments) {
        Budget budget = runtime.budget();
        Dict dict = new Dict();
        List<Object> positional =
                new Arguments(arguments.positional(), Map.of()).positional("dict", 0, 1);
        if (!positional.isEmpty()) {
            if (positional.getFirst() instanceof Undefined undefined) {
                throw undefined.error();
            }
            if (positional.getFirst() instanceof Dict other) {
                dict.putAll(other, budget);
            } else {
                for (Object pair : runtime.iteration().list(positional.getFirst())) {
                    List<Object> items = runtime.iteration().list(pair);
                    if (items.size() != 2) {
                        throw TemplateException.value(
                                "dictionary update sequence element has length %d; 2 is required"
                                        .formatted(items.size()));
                    }
                    dict.put(items.getFirst(), items.getLast(), budget);
                }
            }
        }
        arguments.keywords().forEach((name, value) -> dict.put(name, value, budget));
        return dict;
    }

    private static Object lipsum(Runtime runtime, Arguments arguments) {
        throw TemplateException.runtime(
                "TypeError", "lipsum() is not available in a chat template");
    }

    private static Cycler cycler(Runtime runtime, Arguments arguments) {
        List<Object> items = arguments.positional("cycler", 0, Integer.MAX_VALUE);
        if (items.isEmpty()) {
            throw TemplateException.runtime("RuntimeError", "at least one item has to be provided");
        }
        return new Cycler(List.copyOf(items));
    }

    private static Callable joiner(Runtime runtime, Arguments arguments) {
        return new Joiner(arguments.bind("joiner", "sep").optional(0, ", "));
    }

    /** Returns nothing at its first call, then a separator. */
    private static final class Joiner implements Callable {
        private final Object separator;
        private boolean used;

        Joiner(Object separator) {
            this.separator = separator;
        }

        @Override
        public Object call(Runtime runtime, Arguments arguments) {
            arguments.positional("joiner", 0, 0);
            Object result = used ? separator : "";
            used = true;
            return result;
        }

        @Override
        public String typeName() {
            return "Joiner";
        }
    }

    private static Object raise(Runtime runtime, Arguments arguments) {
        Object message = arguments.bind("raise_exception", "message").required(0);
        throw TemplateException.raised(runtime.text().str(message));
    }

    private static String strftimeNow(Runtime runtime, Arguments arguments) {
        Object format = arguments.bind("strftime_now", "format").required(0);
        if (!Types.isText(format)) {
            throw TemplateException.type(
                    "strftime() argument 1 must be str, not " + Types.name(format));
        }
        return Strftime.format(Types.text(format), runtime);
    }
}
