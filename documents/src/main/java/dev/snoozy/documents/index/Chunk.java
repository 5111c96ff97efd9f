package dev.snoozy.documents.index;

import java.util.List;
import java.util.Objects;

/**
 * A passage of a document, as it is found. Immutable.
 *
 * @param ordinal place among the chunks of its document, from 0
 * @param text of the passage; it may begin with the end of the one before
 * @param headings above its beginning, the outermost first
 * @param page where it begins, from 1, or 0 where the format has no pages
 * @param line where it begins, from 1, or 0 where the format has no lines
 * @param lastLine where it ends, or 0
 */
public record Chunk(
        int ordinal, String text, List<String> headings, int page, int line, int lastLine) {
    public Chunk {
        Objects.requireNonNull(text, "text");
        headings = List.copyOf(headings);
    }
}
