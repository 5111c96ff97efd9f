package dev.snoozy.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Truth, equality, order and membership, as in Python. */
final class Comparison {
    private final Budget budget;
    private final Iteration iteration;

    Comparison(Budget budget, Iteration iteration) {
        this.budget = budget;
        this.iteration = iteration;
    }

    static boolean truth(Object value) {
        return switch (value) {
            case None ignored -> false;
            case Undefined ignored -> false;
            case Boolean bool -> bool;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case Markup markup -> !markup.text().isEmpty();
            case List<?> list -> !list.isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Dict dict -> dict.size() > 0;
            case DictView view -> view.dict().size() > 0;
            case Range range -> range.size() > 0;
            case LoopContext loop -> loop.length() > 0;
            default -> true;
        };
    }

    boolean equal(Object left, Object right) {
        if (Types.isText(left) && Types.isText(right)) {
            String a = Types.text(left);
            String b = Types.text(right);
            budget.work(Math.min(a.length(), b.length()));
            return a.equals(b);
        }
        if (Types.isNumber(left) && Types.isNumber(right)) {
            payLarge(left);
            payLarge(right);
            return compareNumbers(left, right) == 0;
        }
        boolean lists =
                left instanceof List<?> && right instanceof List<?>
                        || left instanceof Tuple && right instanceof Tuple;
        if (lists) {
            return equalItems(Types.items(left), Types.items(right));
        }
        if (left instanceof Dict a && right instanceof Dict b) {
            return equalDicts(a, b);
        }
        if (left instanceof Range a && right instanceof Range b) {
            return a.size() == b.size()
                    && (a.size() == 0
                            || a.start() == b.start() && (a.size() == 1 || a.step() == b.step()));
        }
        return left == right || left instanceof Undefined && right instanceof Undefined;
    }

    private boolean equalItems(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        boolean equal = true;
        for (int i = 0; equal && i < left.size(); i++) {
            equal = same(left.get(i), right.get(i));
        }
        budget.leave();
        return equal;
    }

    private boolean equalDicts(Dict left, Dict right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        boolean equal = true;
        Iterator<Object> values = left.values().iterator();
        for (Object key : left.keys()) {
            Object other = right.get(key, budget);
            equal = equal && other != null && same(values.next(), other);
        }
        budget.leave();
        return equal;
    }

    /** Equal, or the same object: what collections of Python mean by equal. */
    private boolean same(Object left, Object right) {
        budget.step();
        return left == right || equal(left, right);
    }

    /** Whether left comes before right. */
    boolean less(Object left, Object right) {
        return compare(left, right, "<") < 0;
    }

    /** Whether an order relation holds, one of &lt; &lt;= &gt; &gt;=. */
    boolean ordered(String operator, Object left, Object right) {
        int order = compare(left, right, operator);
        if (order == UNORDERED) {
            return false;
        }
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** What a comparison with NaN gives. */
    private static final int UNORDERED = 2;

    private int compare(Object left, Object right, String operator) {
        if (left instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (Types.isText(left) && Types.isText(right)) {
            String a = Types.text(left);
            String b = Types.text(right);
            budget.work(Math.min(a.length(), b.length()));
            return Integer.signum(Strings.compare(a, b));
        }
        if (Types.isNumber(left) && Types.isNumber(right)) {
            payLarge(left);
            payLarge(right);
            return compareNumbers(left, right);
        }
        if (left instanceof List<?> && right instanceof List<?>
                || left instanceof Tuple && right instanceof Tuple) {
            return compareItems(Types.items(left), Types.items(right), operator);
        }
        throw TemplateException.type(
                "'%s' not supported between instances of '%s' and '%s'"
                        .formatted(operator, Types.name(left), Types.name(right)));
    }

    private int compareItems(List<?> left, List<?> right, String operator) {
        budget.enter();
        int common = Math.min(left.size(), right.size());
        int order = Integer.compare(left.size(), right.size());
        for (int i = 0; i < common; i++) {
            if (!same(left.get(i), right.get(i))) {
                order = compare(left.get(i), right.get(i), operator);
                break;
            }
        }
        budget.leave();
        return order;
    }

    private void payLarge(Object number) {
        if (number instanceof BigInteger integer) {
            budget.integer(integer.bitLength());
        }
    }

    private static int compareNumbers(Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        if (left instanceof Double || right instanceof Double) {
            double a = left instanceof Double value ? value : 0;
            double b = right instanceof Double value ? value : 0;
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return UNORDERED;
            }
            if (Double.isInfinite(a) || Double.isInfinite(b)) {
                return a < b ? -1 : a > b ? 1 : 0;
            }
        }
        return exact(left).compareTo(exact(right));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double value
                ? new BigDecimal(value)
                : new BigDecimal(Numbers.big(number));
    }

    /** Whether a value is in a collection, or a string in a string. */
    boolean contains(Object collection, Object value) {
        switch (collection) {
            case String text -> {
                return containsText(text, value);
            }
            case Markup markup -> {
                return containsText(markup.text(), value);
            }
            case Dict dict -> {
                return dict.get(value, budget) != null;
            }
            case DictView view when view.kind() == DictView.Kind.KEYS -> {
                return view.dict().get(value, budget) != null;
            }
            default -> {}
        }
        if (!Iteration.isIterable(collection)) {
            throw TemplateException.type(
                    "argument of type '%s' is not iterable".formatted(Types.name(collection)));
        }
        Iterator<Object> elements = iteration.iterator(collection);
        while (elements.hasNext()) {
            if (same(elements.next(), value)) {
                return true;
            }
        }
        return false;
    }

    private boolean containsText(String text, Object value) {
        if (!Types.isText(value)) {
            throw TemplateException.type(
                    "'in <string>' requires string as left operand, not " + Types.name(value));
        }
        String sought = Types.text(value);
        budget.work((long) text.length() + sought.length());
        return Strings.indexOf(text, sought, 0) >= 0;
    }

    /** An element with the key by which it is sorted. */
    record Keyed(Object key, Object value) {}

    /**
     * Sorts stably, by a merge sort of its own: the order may be inconsistent (NaN), which the
     * standard library refuses.
     */
    List<Object> sorted(List<Keyed> elements, boolean descending) {
        List<Keyed> from = new ArrayList<>(elements);
        for (int width = 1; width < from.size(); width *= 2) {
            List<Keyed> to = new ArrayList<>(from.size());
            for (int start = 0; start < from.size(); start += 2 * width) {
                int middle = Math.min(start + width, from.size());
                int end = Math.min(start + 2 * width, from.size());
                merge(from.subList(start, middle), from.subList(middle, end), to, descending);
            }
            from = to;
        }
        List<Object> values = new ArrayList<>(from.size());
        from.forEach(element -> values.add(element.value()));
        return values;
    }

    private void merge(List<Keyed> left, List<Keyed> right, List<Keyed> to, boolean descending) {
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            budget.step();
            Object a = left.get(i).key();
            Object b = right.get(j).key();
            boolean rightFirst = descending ? less(a, b) : less(b, a);
            to.add(rightFirst ? right.get(j++) : left.get(i++));
        }
        to.addAll(left.subList(i, left.size()));
        to.addAll(right.subList(j, right.size()));
    }
}
