package dev.snoozy.text.template;

import dev.snoozy.text.TextException;

import java.util.Map;

/**
 * A chat template: a Jinja program that comes with a model and turns a conversation into the text
 * the model was trained on. Immutable and thread-safe. The program is untrusted: it reaches nothing
 * but the values it is given, and its steps, depth and output are limited.
 */
public final class ChatTemplate {
    private final String source;

    private ChatTemplate(String source) {
        this.source = source;
    }

    /**
     * Parses a template.
     *
     * @throws TextException if it is not a template, with line and column
     */
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(source);
    }

    /**
     * Renders the template.
     *
     * @param variables values of these types: {@code null}, {@link Boolean}, {@link Long} or {@link
     *     Integer}, {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link
     *     java.util.List}, {@link Map} with string keys
     * @throws TextException if the template raises an error of its own, uses what is undefined, or
     *     exceeds a limit
     */
    public String render(Map<String, ?> variables) {
        throw new TextException("no interpreter for " + source + variables);
    }
}
