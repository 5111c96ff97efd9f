package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dictionary in order of insertion, whose keys are equal where Python's are (1, 1.0, true). */
final class Dict {
    private record Entry(Object key, Object value) {}

    /** A tuple as a key, in a form that compares without recursion. */
    private record TupleKey(String form) implements Comparable<TupleKey> {
        @Override
        public int compareTo(TupleKey other) {
            return form.compareTo(other.form);
        }
    }

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    void put(Object key, Object value, Budget budget) {
        budget.elements(1);
        Object hashed = hashed(key, budget);
        Entry old = entries.get(hashed);
        entries.put(hashed, new Entry(old == null ? key : old.key(), value));
    }

    /** Adds an entry whose key is new and whose cost is no concern of a budget. */
    void put(String key, Object value) {
        entries.put(key, new Entry(key, value));
    }

    void putAll(Dict other, Budget budget) {
        budget.elements(other.size());
        other.entries.forEach((hashed, entry) ->
                entries.merge(hashed, entry, (old, fresh) -> new Entry(old.key(), fresh.value())));
    }

    /** The value of a key, or null. */
    @Nullable Object get(Object key, Budget budget) {
        Entry entry = entries.get(hashed(key, budget));
        return entry == null ? null : entry.value();
    }

    /** The value of a key that is a string, or null. */
    @Nullable Object get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    int size() {
        return entries.size();
    }

    List<Object> keys() {
        List<Object> keys = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    List<Object> values() {
        List<Object> values = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> values.add(entry.value()));
        return values;
    }

    List<Object> items() {
        List<Object> items = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> items.add(Tuple.of(entry.key(), entry.value())));
        return items;
    }

    /**
     * What stands for a key in a hash table: the same for keys that are equal.
     *
     * @throws TemplateException if the key is a list or a dictionary
     */
    static Object hashed(Object key, Budget budget) {
        return switch (key) {
            case String text -> paid(text, budget);
            case Markup markup -> paid(markup.text(), budget);
            case Long number -> number;
            case BigInteger number -> number;
            case Boolean bool -> bool ? 1L : 0L;
            case Double number -> hashedDouble(number);
            case Undefined ignored -> Undefined.class;
            case Tuple tuple -> {
                StringBuilder form = new StringBuilder();
                appendForm(tuple, form, budget);
                yield new TupleKey(form.toString());
            }
            case List<?> list -> throw unhashable(list);
            case Dict dict -> throw unhashable(dict);
            case DictView view when view.kind() != DictView.Kind.VALUES -> throw unhashable(view);
            default -> key;
        };
    }

    /** A string is hashed, and compared with the key that it finds. */
    private static String paid(String text, Budget budget) {
        budget.work(text.length());
        return text;
    }

    private static Object hashedDouble(double number) {
        if (number != Math.rint(number) || Double.isInfinite(number)) {
            return number;
        }
        return Numbers.of(new BigDecimal(number).toBigInteger());
    }

    private static void appendForm(Tuple tuple, StringBuilder form, Budget budget) {
        budget.enter();
        form.append('(');
        for (Object item : tuple.items()) {
            if (item instanceof Tuple inner) {
                appendForm(inner, form, budget);
                continue;
            }
            Object hashed = hashed(item, budget);
            if (!(hashed instanceof String || hashed instanceof Number || hashed == None.NONE)) {
                throw TemplateException.type(
                        "a tuple with a %s cannot be a key".formatted(Types.name(item)));
            }
            String text = hashed.toString();
            budget.work(text.length());
            char tag = hashed instanceof String ? 's' : hashed instanceof Number ? 'n' : 'o';
            form.append(tag).append(text.length()).append(':').append(text);
            budget.text(form.length());
        }
        form.append(')');
        budget.leave();
    }

    private static TemplateException unhashable(Object key) {
        return TemplateException.type("unhashable type: '" + Types.name(key) + "'");
    }
}
