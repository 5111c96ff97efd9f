package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A mark at which calls begin, and how they go on. */
sealed interface Opening {
    /** The mark itself. */
    String mark();

    /** How the text between a mark and the arguments says which tool is called. */
    enum Header {
        /** The name alone. */
        PLAIN,
        /** {@code functions.name:0}, which is the id as well. */
        KIMI,
        /** A kind, the separator, the name; or the name, the separator. */
        DEEPSEEK,
        /** The name and perhaps {@code [CALL_ID]} and an id. */
        MISTRAL,
        /** {@code call:} and the name. */
        GEMMA
    }

    /**
     * Told apart by what follows: JSON, a list of Python calls or another opening.
     *
     * @param otherwise what it is if it is none of these
     */
    record Section(String mark, @Nullable Opening otherwise) implements Opening {}

    /**
     * A name, then JSON.
     *
     * @param before text up to which everything is passed over; may be empty
     * @param ends what ends the name
     */
    record Named(String mark, String before, List<String> ends, Header header) implements Opening {}

    /**
     * A name, then each argument between tags, or JSON.
     *
     * @param nameEnds what ends the name
     * @param nameStops what ends the name and belongs to what follows
     * @param valueOpen what stands between an argument's name and its value; may be empty
     */
    record Element(
            String mark,
            List<String> nameEnds,
            List<String> nameStops,
            String keyOpen,
            String keyEnd,
            String valueOpen,
            String valueEnd,
            String close)
            implements Opening {}

    /**
     * {@code call:}, a name and an object with bare names.
     *
     * @param quote what stands around strings
     */
    record Braces(String mark, String quote) implements Opening {}

    /** A tool of the model's own: a Python call, or code up to the end of the answer. */
    record Code(String mark) implements Opening {}
}
