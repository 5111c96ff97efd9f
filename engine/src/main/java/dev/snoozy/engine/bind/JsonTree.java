package dev.snoozy.engine.bind;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.json.JsonReader;
import dev.snoozy.format.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Java values as JSON and back, for the types that {@link TypeSchema} knows. */
public final class JsonTree {
    private JsonTree() {}

    /**
     * A value as JSON text.
     *
     * @throws IllegalArgumentException for a value of another type
     */
    public static String text(@Nullable Object value) {
        JsonWriter writer = new JsonWriter();
        write(writer, value);
        return writer.text();
    }

    private static void write(JsonWriter writer, @Nullable Object value) {
        switch (value) {
            case null -> writer.nothing();
            case String text -> writer.string(text);
            case Boolean bool -> writer.bool(bool);
            case Double number -> writer.number(number);
            case Float number -> writer.number(number);
            case Number whole -> writer.integer(whole.longValue());
            case Enum<?> constant -> writer.string(constant.name());
            case Optional<?> maybe -> write(writer, maybe.orElse(null));
            case OptionalInt maybe -> write(writer, maybe.isPresent() ? maybe.getAsInt() : null);
            case OptionalLong maybe -> write(writer, maybe.isPresent() ? maybe.getAsLong() : null);
            case OptionalDouble maybe ->
                    write(writer, maybe.isPresent() ? maybe.getAsDouble() : null);
            case Map<?, ?> map -> {
                writer.beginObject();
                map.forEach((name, member) -> {
                    writer.name(String.valueOf(name));
                    write(writer, member);
                });
                writer.endObject();
            }
            case Iterable<?> list -> {
                writer.beginArray();
                list.forEach(element -> write(writer, element));
                writer.endArray();
            }
            case Record record -> writeRecord(writer, record);
            default -> {
                if (!value.getClass().isArray()) {
                    throw new IllegalArgumentException(
                            "no JSON for a " + value.getClass().getTypeName());
                }
                writer.beginArray();
                for (int i = 0; i < Array.getLength(value); i++) {
                    write(writer, Array.get(value, i));
                }
                writer.endArray();
            }
        }
    }

    private static void writeRecord(JsonWriter writer, Record record) {
        writer.beginObject();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            writer.name(component.getName());
            write(writer, component(record, component));
        }
        writer.endObject();
    }

    private static @Nullable Object component(Record record, RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }

    /**
     * A value from JSON text.
     *
     * @throws IllegalArgumentException if the text is no JSON, or not of this type
     */
    public static @Nullable Object read(String text, Type type) {
        return bind(parse(text), type, "the value");
    }

    /**
     * A value that is not null from JSON text; else as {@link #read}.
     *
     * @param <T> a type that is no Optional
     */
    public static <T> T readPresent(String text, Class<T> type) {
        return type.cast(present(read(text, type)));
    }

    /** The members of a JSON object. */
    @SuppressWarnings("unchecked") // names are strings
    public static Map<String, @Nullable Object> members(String text) {
        if (parse(text) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("expected a JSON object, found other JSON");
    }

    private static @Nullable Object parse(String text) {
        try {
            JsonReader reader = new JsonReader("JSON", text.getBytes(StandardCharsets.UTF_8));
            Object value = reader.value();
            reader.end();
            return value;
        } catch (FormatException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A value of a type; absent is as good as null. */
    public static @Nullable Object bind(@Nullable Object value, Type type, String where) {
        Class<?> raw = TypeSchema.raw(type);
        if (TypeSchema.isOptional(type)) {
            return optional(value, type, where);
        }
        if (value == null) {
            throw wrong(where, type, "nothing");
        }
        if (raw.isRecord() && value instanceof Map<?, ?> members) {
            return record(members, raw, where);
        }
        if (raw == Map.class && value instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            members.forEach((name, member) ->
                    map.put(
                            String.valueOf(name),
                            bind(member, TypeSchema.argument(type, 1), where + "." + name)));
            return map;
        }
        if (value instanceof List<?> list && (raw == List.class || raw.isArray())) {
            return list(list, type, where);
        }
        if (raw.isEnum() && value instanceof String name) {
            for (Object constant : raw.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
        }
        Object scalar = scalar(value, raw);
        if (scalar == null) {
            throw wrong(where, type, text(value));
        }
        return scalar;
    }

    private static @Nullable Object scalar(Object value, Class<?> raw) {
        if (value instanceof String && raw == String.class) {
            return value;
        }
        if (value instanceof Boolean && (raw == boolean.class || raw == Boolean.class)) {
            return value;
        }
        if (!(value instanceof Number number)) {
            return null;
        }
        if (raw == double.class || raw == Double.class) {
            return number.doubleValue();
        }
        if (raw == float.class || raw == Float.class) {
            return number.floatValue();
        }
        long whole = number.longValue();
        if (whole != number.doubleValue()) {
            return null;
        }
        if (raw == long.class || raw == Long.class) {
            return whole;
        }
        if ((raw == int.class || raw == Integer.class) && whole == (int) whole) {
            return (int) whole;
        }
        if ((raw == short.class || raw == Short.class) && whole == (short) whole) {
            return (short) whole;
        }
        if ((raw == byte.class || raw == Byte.class) && whole == (byte) whole) {
            return (byte) whole;
        }
        return null;
    }

    private static Object optional(@Nullable Object value, Type type, String where) {
        Class<?> raw = TypeSchema.raw(type);
        if (raw == OptionalInt.class) {
            return value == null
                    ? OptionalInt.empty()
                    : OptionalInt.of((int) present(bind(value, int.class, where)));
        }
        if (raw == OptionalLong.class) {
            return value == null
                    ? OptionalLong.empty()
                    : OptionalLong.of((long) present(bind(value, long.class, where)));
        }
        if (raw == OptionalDouble.class) {
            return value == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of((double) present(bind(value, double.class, where)));
        }
        return value == null
                ? Optional.empty()
                : Optional.of(present(bind(value, TypeSchema.argument(type, 0), where)));
    }

    private static Object present(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }

    private static Object list(List<?> list, Type type, String where) {
        Class<?> raw = TypeSchema.raw(type);
        Type element = raw.isArray() ? TypeSchema.element(type) : TypeSchema.argument(type, 0);
        List<@Nullable Object> values = new ArrayList<>();
        for (Object each : list) {
            values.add(bind(each, element, where + "[" + values.size() + "]"));
        }
        if (!raw.isArray()) {
            return values;
        }
        Object array = Array.newInstance(TypeSchema.raw(element), values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, values.get(i));
        }
        return array;
    }

    private static Object record(Map<?, ?> members, Class<?> type, String where) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            types[i] = components[i].getType();
            values[i] = bind(members.get(name), components[i].getGenericType(), where + "." + name);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    where + ": " + type.getSimpleName() + " refuses it: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make a " + type.getName(), e);
        }
    }

    private static IllegalArgumentException wrong(String where, Type type, String found) {
        return new IllegalArgumentException(
                where + ": expected " + type.getTypeName() + ", found " + found);
    }
}
