package dev.snoozy.engine.bind;

import dev.snoozy.engine.Description;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * JSON Schema (2020-12) of Java types: records, enums, strings, numbers, booleans, lists, maps from
 * strings, and what is optional. A record that contains itself is a reference.
 */
public final class TypeSchema {
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    private final List<Class<?>> open = new ArrayList<>();
    private final List<Class<?>> recursive = new ArrayList<>();

    private TypeSchema() {}

    /**
     * The schema of a type, as JSON text.
     *
     * @throws IllegalArgumentException for a type that has none here
     */
    public static String of(Type type) {
        TypeSchema schema = new TypeSchema();
        Map<String, Object> root = new LinkedHashMap<>(schema.schema(type));
        if (!schema.definitions.isEmpty()) {
            root.put("$defs", schema.definitions);
        }
        return JsonTree.text(root);
    }

    /** A parameter of a tool. */
    public record Parameter(String name, Type type, AnnotatedElement element) {}

    /** The schema of an object with these members, as JSON text. */
    public static String of(List<Parameter> parameters) {
        TypeSchema schema = new TypeSchema();
        Map<String, Object> root = schema.object(parameters);
        if (!schema.definitions.isEmpty()) {
            root.put("$defs", schema.definitions);
        }
        return JsonTree.text(root);
    }

    /** Whether a value of this type may be missing. */
    static boolean isOptional(Type type) {
        Class<?> raw = raw(type);
        return raw == Optional.class
                || raw == OptionalInt.class
                || raw == OptionalLong.class
                || raw == OptionalDouble.class;
    }

    private Map<String, Object> schema(Type type) {
        Class<?> raw = raw(type);
        if (raw == String.class) {
            return map("type", "string");
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return map("type", "boolean");
        }
        if (isWhole(raw) || raw == OptionalInt.class || raw == OptionalLong.class) {
            return whole(raw);
        }
        if (raw == double.class
                || raw == Double.class
                || raw == float.class
                || raw == Float.class
                || raw == OptionalDouble.class) {
            return map("type", "number");
        }
        if (raw.isEnum()) {
            List<String> names =
                    Arrays.stream(raw.getEnumConstants())
                            .map(each -> ((Enum<?>) each).name())
                            .toList();
            return new LinkedHashMap<>(Map.of("enum", names));
        }
        if (raw == Optional.class) {
            return schema(argument(type, 0));
        }
        if (raw.isArray() || raw == List.class) {
            Map<String, Object> array = map("type", "array");
            array.put("items", schema(raw.isArray() ? element(type) : argument(type, 0)));
            return array;
        }
        if (raw == Map.class && argument(type, 0) == String.class) {
            Map<String, Object> object = map("type", "object");
            object.put("additionalProperties", schema(argument(type, 1)));
            return object;
        }
        if (raw.isRecord()) {
            return record(raw);
        }
        throw new IllegalArgumentException(
                "no JSON Schema for "
                        + type.getTypeName()
                        + "; expected a record, an enum, a string, number or boolean, or a list,"
                        + " map or Optional of them");
    }

    private Map<String, Object> record(Class<?> type) {
        String reference = "#/$defs/" + type.getSimpleName();
        if (open.contains(type)) {
            recursive.add(type);
            return map("$ref", reference);
        }
        open.add(type);
        List<Parameter> members = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            members.add(new Parameter(component.getName(), component.getGenericType(), component));
        }
        Map<String, Object> object = object(members);
        open.remove(type);
        describe(object, type);
        if (!recursive.contains(type)) {
            return object;
        }
        definitions.put(type.getSimpleName(), object);
        return map("$ref", reference);
    }

    private Map<String, Object> object(List<Parameter> members) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Parameter member : members) {
            Map<String, Object> schema = new LinkedHashMap<>(schema(member.type()));
            describe(schema, member.element());
            properties.put(member.name(), schema);
            if (!isOptional(member.type())) {
                required.add(member.name());
            }
        }
        Map<String, Object> object = map("type", "object");
        object.put("properties", properties);
        object.put("required", required);
        object.put("additionalProperties", false);
        return object;
    }

    private static void describe(Map<String, Object> schema, AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        if (description != null) {
            schema.put("description", description.value());
        }
    }

    private static Map<String, Object> whole(Class<?> raw) {
        Map<String, Object> schema = map("type", "integer");
        if (raw == byte.class || raw == Byte.class) {
            limits(schema, Byte.MIN_VALUE, Byte.MAX_VALUE);
        } else if (raw == short.class || raw == Short.class) {
            limits(schema, Short.MIN_VALUE, Short.MAX_VALUE);
        } else if (raw == int.class || raw == Integer.class || raw == OptionalInt.class) {
            limits(schema, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (raw == long.class || raw == Long.class || raw == OptionalLong.class) {
            limits(schema, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        return schema;
    }

    /** So that what the model writes can be read back. */
    private static void limits(Map<String, Object> schema, long least, long most) {
        schema.put("minimum", least);
        schema.put("maximum", most);
    }

    private static boolean isWhole(Class<?> raw) {
        return raw == int.class
                || raw == Integer.class
                || raw == long.class
                || raw == Long.class
                || raw == short.class
                || raw == Short.class
                || raw == byte.class
                || raw == Byte.class;
    }

    /** The class of a type. */
    static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> one -> one;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            case GenericArrayType array -> raw(array.getGenericComponentType()).arrayType();
            default ->
                    throw new IllegalArgumentException(
                            "expected a type without free parameters, found " + type.getTypeName());
        };
    }

    /** An argument of a generic type. */
    static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException(
                type.getTypeName() + ": expected type arguments, found none");
    }

    /** The type of an array's elements. */
    static Type element(Type type) {
        return type instanceof GenericArrayType generic
                ? generic.getGenericComponentType()
                : raw(type).getComponentType();
    }

    private static Map<String, Object> map(String key, @Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value != null) {
            map.put(key, value);
        }
        return map;
    }
}
