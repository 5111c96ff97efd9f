package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

/**
 * What a missing variable, attribute or element evaluates to: an empty string when printed, an
 * error when used.
 */
final class Undefined {
    private final @Nullable String hint;
    private final @Nullable Object owner;
    private final Object name;
    private final boolean unsafe;

    private Undefined(@Nullable String hint, @Nullable Object owner, Object name, boolean unsafe) {
        this.hint = hint;
        this.owner = owner;
        this.name = name;
        this.unsafe = unsafe;
    }

    /** A variable that does not exist. */
    static Undefined variable(String name) {
        return new Undefined(null, null, name, false);
    }

    /** An attribute or element that does not exist. */
    static Undefined member(Object owner, Object name) {
        return new Undefined(null, owner, name, false);
    }

    /** An attribute that the sandbox hides. */
    static Undefined unsafe(Object owner, String name) {
        return new Undefined(null, owner, name, true);
    }

    /** Nothing, for a reason. */
    static Undefined because(String hint) {
        return new Undefined(hint, null, "", false);
    }

    /** The error of using this value. */
    TemplateException error() {
        if (unsafe && owner != null) {
            return TemplateException.security(
                    "access to attribute '%s' of '%s' object is unsafe."
                            .formatted(name, Types.name(owner)));
        }
        return TemplateException.undefined(message());
    }

    private String message() {
        if (hint != null) {
            return hint;
        }
        if (owner == null) {
            return "'" + name + "' is undefined";
        }
        if (name instanceof String attribute) {
            return "'%s' has no attribute '%s'".formatted(Types.described(owner), brief(attribute));
        }
        return "%s has no element %s".formatted(Types.described(owner), brief(name));
    }

    /** A name for a message: only scalars in full, and no more than a line. */
    private static String brief(Object value) {
        String text =
                value instanceof String || value instanceof Number || value instanceof Boolean
                        ? value.toString()
                        : "of type " + Types.name(value);
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
