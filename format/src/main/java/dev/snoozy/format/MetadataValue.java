package dev.snoozy.format;

import java.lang.reflect.Array;

/**
 * One value of the metadata, with the type it has in the file.
 *
 * @param type type of the value, or of the elements if the value is an array
 * @param value see {@link Metadata} for the Java types
 */
public record MetadataValue(ValueType type, Object value) {
    public MetadataValue {
        if (!holds(type, value)) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getSimpleName() + " cannot be written as " + type);
        }
    }

    /** A value with the type that suits its Java type; unsigned where it is not negative. */
    public static MetadataValue of(Object value) {
        return new MetadataValue(ValueType.of(value), value);
    }

    public boolean isArray() {
        return value.getClass().isArray();
    }

    /** Number of elements of an array, 1 for any other value. */
    public int length() {
        return isArray() ? Array.getLength(value) : 1;
    }

    private static boolean holds(ValueType type, Object value) {
        return switch (type) {
            case UINT8, INT8, UINT16, INT16, INT32 -> isOne(value, Integer.class, int[].class);
            case UINT32 ->
                    isOne(value, Integer.class, int[].class)
                            || isOne(value, Long.class, long[].class);
            case UINT64, INT64 -> isOne(value, Long.class, long[].class);
            case FLOAT32 -> isOne(value, Float.class, float[].class);
            case FLOAT64 -> isOne(value, Double.class, double[].class);
            case BOOL -> isOne(value, Boolean.class, boolean[].class);
            case STRING -> isOne(value, String.class, String[].class);
            case ARRAY -> false;
        };
    }

    private static boolean isOne(Object value, Class<?> single, Class<?> array) {
        return single.isInstance(value) || array.isInstance(value);
    }
}
