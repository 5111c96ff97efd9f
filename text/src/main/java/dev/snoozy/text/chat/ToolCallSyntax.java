package dev.snoozy.text.chat;

/**
 * How a call is written, in pieces that a grammar can be made of: {@code begin call (separator
 * call)* end}, where a call is {@code prefix name middle arguments suffix}.
 *
 * @param begin before the first call; may be empty
 * @param prefix before a tool's name
 * @param middle between the name and the arguments
 * @param arguments how the arguments are written
 * @param suffix behind the arguments
 * @param separator between two calls; empty where the format has none
 * @param end behind the last call; may be empty
 * @param parallel whether the format has more than one call in an answer
 */
public record ToolCallSyntax(
        String begin,
        String prefix,
        String middle,
        Arguments arguments,
        String suffix,
        String separator,
        String end,
        boolean parallel) {

    /** How arguments are written. */
    public sealed interface Arguments {
        /** As a JSON object. */
        record Json() implements Arguments {}

        /**
         * Each as text between tags: {@code beforeName name afterName value afterValue}. Strings
         * stand as they are, other values as JSON.
         *
         * @param stringAttribute what stands behind a name instead if the value is a string; equal
         *     to {@code afterName} where the format makes no difference
         */
        record Tagged(
                String beforeName, String afterName, String stringAttribute, String afterValue)
                implements Arguments {}

        /** As keyword arguments of Python: {@code name="text", other=3}. */
        record Keywords() implements Arguments {}

        /** As Gemma 4 writes them: an object with bare names and strings between own marks. */
        record Bare(String quote) implements Arguments {}
    }

    /** The same with a text in front of all calls. */
    ToolCallSyntax behind(String text) {
        return new ToolCallSyntax(
                text + begin, prefix, middle, arguments, suffix, separator, end, parallel);
    }
}
