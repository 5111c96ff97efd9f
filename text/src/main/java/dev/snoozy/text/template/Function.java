package dev.snoozy.text.template;

/**
 * A function or bound method.
 *
 * @param name as error messages give it
 * @param typeName the name of its Python type
 */
record Function(String name, String typeName, Body body) implements Callable {
    /** What a function does. */
    interface Body {
        Object call(Runtime runtime, Arguments arguments);
    }

    /** A global function. */
    static Function global(String name, Body body) {
        return new Function(name, "function", body);
    }

    /** A method bound to its object. */
    static Function method(String name, Body body) {
        return new Function(name, "builtin_function_or_method", body);
    }

    @Override
    public Object call(Runtime runtime, Arguments arguments) {
        return body.call(runtime, arguments);
    }
}
