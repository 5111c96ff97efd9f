package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The object that {@code cycler()} makes: goes round some values. */
final class Cycler {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
        this.items = items;
    }

    /** An attribute, or null if there is none of that name. */
    @Nullable Object attribute(String name) {
        return switch (name) {
            case "current" -> items.get(at);
            case "items" -> new Tuple(items);
            case "pos" -> (long) at;
            case "next" ->
                    Function.method(
                            "next",
                            (runtime, arguments) -> {
                                arguments.positional("next", 0, 0);
                                Object item = items.get(at);
                                at = (at + 1) % items.size();
                                return item;
                            });
            case "reset" ->
                    Function.method(
                            "reset",
                            (runtime, arguments) -> {
                                arguments.positional("reset", 0, 0);
                                at = 0;
                                return None.NONE;
                            });
            default -> null;
        };
    }
}
