package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.List;

/**
 * The filter {@code pprint}: values in lines of 80 characters where they can be broken, with the
 * keys of dictionaries in order. Long strings stay whole.
 */
final class PrettyPrint {
    private static final int WIDTH = 80;

    private final Runtime runtime;
    private final StringBuilder out = new StringBuilder();

    private PrettyPrint(Runtime runtime) {
        this.runtime = runtime;
    }

    static Object filter(Runtime runtime, Object value, Arguments arguments) {
        arguments.positional("pprint", 0, 0);
        PrettyPrint printer = new PrettyPrint(runtime);
        printer.append(printer.ordered(value), 0, 0);
        return printer.out.toString();
    }

    /** A value whose dictionaries are in the order of their keys. */
    private Object ordered(Object value) {
        runtime.budget().enter();
        Object result =
                switch (value) {
                    case Dict dict -> orderedDict(dict);
                    case List<?> list -> orderedAll(list);
                    case Tuple tuple -> new Tuple(orderedAll(tuple.items()), tuple.names());
                    default -> value;
                };
        runtime.budget().leave();
        return result;
    }

    private List<Object> orderedAll(List<?> items) {
        runtime.budget().elements(items.size());
        List<Object> result = new ArrayList<>(items.size());
        items.forEach(item -> result.add(ordered(item)));
        return result;
    }

    private Dict orderedDict(Dict dict) {
        List<Comparison.Keyed> items = new ArrayList<>();
        for (Object item : dict.items()) {
            items.add(new Comparison.Keyed(Types.items(item).getFirst(), item));
        }
        Dict result = new Dict();
        for (Object item : runtime.comparison().sorted(items, false)) {
            List<?> pair = Types.items(item);
            result.put(pair.getFirst(), ordered(pair.getLast()), runtime.budget());
        }
        return result;
    }

    private void append(Object value, int indent, int allowance) {
        runtime.budget().enter();
        String line = runtime.text().repr(value);
        boolean fits = Strings.length(line) <= WIDTH - indent - allowance;
        switch (value) {
            case Dict dict when !fits -> appendDict(dict, indent, allowance);
            case List<?> list when !fits -> appendAll("[", list, "]", indent, allowance);
            case Tuple tuple when !fits -> {
                String close = tuple.items().size() == 1 ? ",)" : ")";
                appendAll("(", tuple.items(), close, indent, allowance);
            }
            default -> out.append(line);
        }
        runtime.budget().requireText(out.length());
        runtime.budget().leave();
    }

    private void appendAll(String open, List<?> items, String close, int indent, int allowance) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            boolean last = i == items.size() - 1;
            append(items.get(i), indent + 1, last ? allowance + close.length() : 1);
            appendBreak(last, indent);
        }
        out.append(close);
    }

    private void appendDict(Dict dict, int indent, int allowance) {
        out.append('{');
        List<Object> items = dict.items();
        for (int i = 0; i < items.size(); i++) {
            boolean last = i == items.size() - 1;
            List<?> pair = Types.items(items.get(i));
            String key = runtime.text().repr(pair.getFirst());
            out.append(key).append(": ");
            int column = indent + 1 + Strings.length(key) + 2;
            append(pair.getLast(), column, last ? allowance + 1 : 1);
            appendBreak(last, indent);
        }
        out.append('}');
    }

    private void appendBreak(boolean last, int indent) {
        if (!last) {
            runtime.budget().requireText((long) out.length() + indent);
            out.append(",\n").repeat(' ', indent + 1);
        }
    }
}
