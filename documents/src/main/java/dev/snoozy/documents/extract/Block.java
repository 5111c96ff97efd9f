package dev.snoozy.documents.extract;

import java.util.List;
import java.util.Objects;

/**
 * A piece of a document's text that belongs together. Immutable.
 *
 * @param kind what it is
 * @param text without white space around it; not empty
 * @param headings under which it stands, the outermost first; of a heading without itself
 * @param page counted from 1 (of slides, the slide), or 0 where the format has no pages
 * @param line where it begins, counted from 1, or 0 where the format has no lines
 */
public record Block(Kind kind, String text, List<String> headings, int page, int line) {
    /** What a block is. */
    public enum Kind {
        HEADING,
        TEXT,
        CODE,
        ROW
    }

    public Block {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
        headings = List.copyOf(headings);
    }
}
