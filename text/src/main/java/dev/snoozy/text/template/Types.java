package dev.snoozy.text.template;

import java.math.BigInteger;
import java.util.List;

/**
 * The values of a template, by the names of their Python types. {@link None}, {@link Boolean},
 * {@link Long} or (beyond 64 bits) {@link BigInteger}, {@link Double}, {@link String}, {@link
 * Markup}, {@link List}, {@link Tuple}, {@link Dict}, {@link DictView}, {@link Range}, {@link
 * LazyIterator}, {@link Undefined}, {@link Namespace}, {@link LoopContext} and {@link Callable}s.
 * Values never change, except namespaces, cyclers and what iterates.
 */
final class Types {
    private Types() {}

    /** The name of a value's type. */
    static String name(Object value) {
        return switch (value) {
            case None ignored -> "NoneType";
            case Boolean ignored -> "bool";
            case Long ignored -> "int";
            case BigInteger ignored -> "int";
            case Double ignored -> "float";
            case String ignored -> "str";
            case Markup ignored -> "Markup";
            case List<?> ignored -> "list";
            case Tuple ignored -> "tuple";
            case Dict ignored -> "dict";
            case DictView view -> view.kind().typeName();
            case Range ignored -> "range";
            case LazyIterator iterator -> iterator.typeName();
            case Undefined ignored -> "Undefined";
            case Namespace ignored -> "Namespace";
            case LoopContext ignored -> "LoopContext";
            case Callable callable -> callable.typeName();
            default -> value.getClass().getSimpleName();
        };
    }

    /** A value's type as error messages of Jinja describe it. */
    static String described(Object value) {
        return switch (value) {
            case None ignored -> "None";
            case Markup ignored -> "markupsafe.Markup object";
            case Namespace ignored -> "jinja2.utils.Namespace object";
            case LoopContext ignored -> "jinja2.runtime.LoopContext object";
            default -> name(value) + " object";
        };
    }

    static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
    }

    static boolean isNumber(Object value) {
        return isInteger(value) || value instanceof Double;
    }

    /** The characters of a string, marked safe or not. */
    static String text(Object value) {
        return value instanceof Markup markup ? markup.text() : (String) value;
    }

    /** The elements of a list or tuple. */
    static List<?> items(Object value) {
        return value instanceof Tuple tuple ? tuple.items() : (List<?>) value;
    }
}
