package dev.snoozy.format;

import java.util.Optional;

/** The types of metadata values, with GGUF's ids (GGUF specification, {@code gguf_type}). */
public enum ValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 8),
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int id;
    private final int leastBytes;

    ValueType(int id, int leastBytes) {
        this.id = id;
        this.leastBytes = leastBytes;
    }

    /** The id that stands in a GGUF file. */
    public int id() {
        return id;
    }

    /** The bytes that a value takes at least: a string its length, an array its type and length. */
    int leastBytes() {
        return leastBytes;
    }

    /** The type with the given GGUF id, if there is one. */
    public static Optional<ValueType> byId(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    /** The type that a Java value is written as where no other is named. */
    static ValueType of(Object value) {
        return switch (value) {
            case Integer i -> i >= 0 ? UINT32 : INT32;
            case Long l -> l >= 0 ? UINT64 : INT64;
            case Float f -> FLOAT32;
            case Double d -> FLOAT64;
            case Boolean b -> BOOL;
            case String s -> STRING;
            case int[] a -> INT32;
            case long[] a -> INT64;
            case float[] a -> FLOAT32;
            case double[] a -> FLOAT64;
            case boolean[] a -> BOOL;
            case String[] a -> STRING;
            default ->
                    throw new IllegalArgumentException(
                            "metadata cannot hold a value of " + value.getClass());
        };
    }
}
