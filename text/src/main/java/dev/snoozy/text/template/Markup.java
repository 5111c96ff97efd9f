package dev.snoozy.text.template;

/**
 * A string marked safe for HTML by {@code safe} or {@code escape}. It behaves as a string, but what
 * is joined to it is escaped, even though templates for chats do not escape otherwise.
 */
record Markup(String text) {
    /** Escapes what is not marked safe, as MarkupSafe does. */
    static Markup escape(Object value, Runtime runtime) {
        return value instanceof Markup markup
                ? markup
                : new Markup(Html.escape(runtime.text().str(value), runtime.budget()));
    }
}
