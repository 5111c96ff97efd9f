package dev.snoozy.curate.filter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of a filter: numbers, texts and lists of texts by their names. A filter has a
 * default for each, and takes no other.
 *
 * @param values in the order in which they are documented
 */
public record Thresholds(Map<String, Object> values) {
    public Thresholds {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static Thresholds of(Object... namesAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Thresholds(values);
    }

    /** The same settings with one changed. */
    public Thresholds with(String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new Thresholds(changed);
    }

    double number(String name) {
        return ((Number) Objects.requireNonNull(values.get(name))).doubleValue();
    }

    int whole(String name) {
        return (int) number(name);
    }

    String text(String name) {
        return (String) Objects.requireNonNull(values.get(name));
    }
}
