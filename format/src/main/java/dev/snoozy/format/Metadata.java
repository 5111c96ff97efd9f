package dev.snoozy.format;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The key/value pairs of a GGUF file, in file order. Immutable.
 *
 * <p>Values have these Java types: {@link Integer} (integers of 8, 16 and 32 bits that fit), {@link
 * Long} (wider ones; a u64 above 2^63-1 keeps its 64 bits and appears negative), {@link Float},
 * {@link Double}, {@link Boolean}, {@link String}, and for arrays {@code int[]}, {@code long[]},
 * {@code float[]}, {@code double[]}, {@code boolean[]}, {@code String[]}. The caller must not
 * change an array.
 */
public final class Metadata {
    private final Map<String, MetadataValue> values;

    /**
     * @param values plain Java values, which get the type that suits them, or {@link
     *     MetadataValue}s
     */
    public Metadata(Map<String, ?> values) {
        Map<String, MetadataValue> typed = new LinkedHashMap<>();
        values.forEach((key, value) ->
                typed.put(
                        key,
                        value instanceof MetadataValue given ? given : MetadataValue.of(value)));
        this.values = Collections.unmodifiableMap(typed);
    }

    /** The pairs with their types, in file order. */
    public Map<String, MetadataValue> values() {
        return values;
    }

    public Set<String> keys() {
        return values.keySet();
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The raw value, or null if the key is missing. */
    public @Nullable Object get(String key) {
        MetadataValue value = values.get(key);
        return value == null ? null : value.value();
    }

    /**
     * The value of a string key; a {@link FormatException} names the key if it is missing or of
     * another type.
     */
    public String string(String key) {
        return require(key, String.class);
    }

    public String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    /** The value of an integer key of any width that fits an int. */
    public int integer(String key) {
        Object value = require(key, Object.class);
        if (value instanceof Integer i) {
            return i;
        }
        if (value instanceof Long l && l == l.intValue() && !isHuge(key, l)) {
            return l.intValue();
        }
        throw wrongType(key, value, "an integer of 32 bits");
    }

    public int integer(String key, int otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    /** The value of a float key (an integer is accepted too). */
    public float number(String key) {
        Object value = require(key, Object.class);
        if (value instanceof Number n) {
            return n.floatValue();
        }
        throw wrongType(key, value, "a number");
    }

    public float number(String key, float otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    public boolean flag(String key, boolean otherwise) {
        return has(key) ? require(key, Boolean.class) : otherwise;
    }

    public String[] strings(String key) {
        return require(key, String[].class);
    }

    public float[] floats(String key) {
        return require(key, float[].class);
    }

    public int[] integers(String key) {
        return require(key, int[].class);
    }

    private boolean isHuge(String key, long bits) {
        MetadataValue value = values.get(key);
        return bits < 0 && value != null && value.type() == ValueType.UINT64;
    }

    private <T> T require(String key, Class<T> type) {
        Object value = get(key);
        if (value == null) {
            throw new FormatException("metadata key " + key + " is missing");
        }
        if (!type.isInstance(value)) {
            throw wrongType(key, value, type.getSimpleName());
        }
        return type.cast(value);
    }

    private static FormatException wrongType(String key, Object value, String expected) {
        String found = value.getClass().getSimpleName();
        if (value instanceof Number) {
            found += " " + value;
        }
        return new FormatException(
                "metadata key %s: expected %s, found %s".formatted(key, expected, found));
    }
}
