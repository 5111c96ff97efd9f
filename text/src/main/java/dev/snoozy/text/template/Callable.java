package dev.snoozy.text.template;

/** What a template can call. */
interface Callable {
    Object call(Runtime runtime, Arguments arguments);

    /** The name of its Python type. */
    String typeName();
}
