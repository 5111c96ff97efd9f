package dev.snoozy.text.template;

import dev.snoozy.text.TextException;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns the variables of a caller into values of the template, which share nothing with them. */
final class Variables {
    /** Deeper values than this come from no conversation. */
    private static final int DEEPEST = 200;

    private Variables() {}

    static Object convert(String name, @Nullable Object value) {
        return convert(name, value, 0);
    }

    private static Object convert(String name, @Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new TextException(
                    "template variable %s: nested deeper than %d".formatted(name, DEEPEST));
        }
        return switch (value) {
            case null -> None.NONE;
            case Boolean bool -> bool;
            case Long number -> number;
            case Integer number -> number.longValue();
            case BigInteger number -> Numbers.of(number);
            case Double number -> number;
            case String text -> text;
            case List<?> list -> {
                List<Object> items = new ArrayList<>(list.size());
                for (Object item : list) {
                    items.add(convert(name, item, depth + 1));
                }
                yield items;
            }
            case Map<?, ?> map -> {
                Dict dict = new Dict();
                map.forEach(
                        (key, item) -> dict.put(key(name, key), convert(name, item, depth + 1)));
                yield dict;
            }
            default ->
                    throw new TextException(
                            "template variable %s: found a %s; expected null, Boolean, Integer, Long, BigInteger, Double, String, List or Map"
                                    .formatted(name, value.getClass().getName()));
        };
    }

    private static String key(String name, @Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new TextException(
                "template variable %s: found the map key %s; expected a string"
                        .formatted(name, key));
    }
}
