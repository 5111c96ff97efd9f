package dev.snoozy.documents.index;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A passage that was found. Immutable.
 *
 * @param file that it is from, absolute
 * @param title of the document, or empty
 * @param chunk the passage
 * @param score by which hits are ordered, comparable within one search only
 * @param similarity cosine of the vectors of passage and question, where there are vectors
 * @param highlights words of the question in the passage's text
 */
public record Hit(
        Path file,
        String title,
        Chunk chunk,
        double score,
        OptionalDouble similarity,
        List<Span> highlights) {
    /**
     * A part of a text.
     *
     * @param start of its first character
     * @param end behind its last character
     */
    public record Span(int start, int end) {}

    public Hit {
        highlights = List.copyOf(highlights);
    }
}
