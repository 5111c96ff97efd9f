package dev.snoozy.text.template;

import java.util.List;

/** A tuple. It has no equality of its own: {@link Comparison} compares it within the budget. */
final class Tuple {
    private final List<Object> items;
    private final List<String> names;

    Tuple(List<Object> items) {
        this(items, List.of());
    }

    /** A tuple whose items are attributes too. */
    Tuple(List<Object> items, List<String> names) {
        this.items = items;
        this.names = names;
    }

    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }

    List<Object> items() {
        return items;
    }

    List<String> names() {
        return names;
    }
}
