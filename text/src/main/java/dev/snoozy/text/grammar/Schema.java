package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keywords of a part of a JSON Schema. Immutable.
 *
 * @param place where it stands in the whole schema, as a JSON pointer, for messages
 */
record Schema(Map<String, @Nullable Object> keywords, String place) {
    private static final int MOST_DIGITS = 60;

    /** A part as it was read. Only an object is one here; true and false are up to the caller. */
    static Schema of(@Nullable Object value, String place) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(place, found(value), "a schema: an object, true or false");
        }
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        map.forEach((key, part) -> keywords.put(key.toString(), part));
        return new Schema(keywords, place);
    }

    static TextException wrong(String place, String found, String expected) {
        return new TextException(
                "JSON schema, %s: found %s, expected %s".formatted(place, found, expected));
    }

    static String found(@Nullable Object value) {
        String text = JsonText.compact(value);
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    @Nullable Object get(String keyword) {
        return keywords.get(keyword);
    }

    String at(String keyword) {
        return place + "/" + keyword.replace("~", "~0").replace("/", "~1");
    }

    /** Whether one of some keywords is there. */
    boolean hasAny(Iterable<String> names) {
        for (String name : names) {
            if (has(name)) {
                return true;
            }
        }
        return false;
    }

    /** A count, or another value where there is none. */
    int count(String keyword, int otherwise) {
        if (!has(keyword)) {
            return otherwise;
        }
        Object value = get(keyword);
        double number = value instanceof Number n ? n.doubleValue() : -1;
        if (number < 0 || number != Math.rint(number)) {
            throw wrong(at(keyword), found(value), "an integer, 0 or more");
        }
        if (number >= Limits.STATES) {
            throw wrong(at(keyword), found(value), "fewer than " + Limits.STATES);
        }
        return (int) number;
    }

    /** A number, or null where there is none. */
    @Nullable BigDecimal number(String keyword) {
        if (!has(keyword)) {
            return null;
        }
        Object value = get(keyword);
        if (!(value instanceof Number)) {
            throw wrong(at(keyword), found(value), "a number");
        }
        if (value instanceof Double d && !Double.isFinite(d)) {
            throw wrong(at(keyword), "a number beyond F64", "a smaller one");
        }
        BigDecimal number = new BigDecimal(value.toString());
        if (Math.max(number.precision() - number.scale(), number.scale()) > MOST_DIGITS) {
            throw wrong(
                    at(keyword), found(value), "a number of at most " + MOST_DIGITS + " digits");
        }
        return number;
    }

    String string(String keyword) {
        if (get(keyword) instanceof String text) {
            return text;
        }
        throw wrong(at(keyword), found(get(keyword)), "a string");
    }

    List<@Nullable Object> list(String keyword) {
        if (get(keyword) instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw wrong(at(keyword), found(get(keyword)), "an array");
    }

    /** Strings, none if there is no such keyword. */
    List<String> strings(String keyword) {
        List<String> strings = new ArrayList<>();
        if (has(keyword)) {
            for (Object value : list(keyword)) {
                if (!(value instanceof String text)) {
                    throw wrong(at(keyword), found(value), "strings only");
                }
                strings.add(text);
            }
        }
        return strings;
    }

    /** Schemas by name, none if there is no such keyword. */
    Map<String, @Nullable Object> map(String keyword) {
        return has(keyword) ? of(get(keyword), at(keyword)).keywords() : Map.of();
    }

    /** The same without some keywords. */
    Schema without(String... names) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(keywords);
        for (String name : names) {
            rest.remove(name);
        }
        return new Schema(rest, place);
    }
}
