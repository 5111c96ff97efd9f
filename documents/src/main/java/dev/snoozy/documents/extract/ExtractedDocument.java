package dev.snoozy.documents.extract;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a file says. Immutable.
 *
 * @param title as the document names itself, or empty
 * @param type its media type, such as {@code application/pdf}
 * @param blocks its text in the order of reading; none if there is none
 * @param notes what a user should know, such as that it is a scan without text
 */
public record ExtractedDocument(String title, String type, List<Block> blocks, List<String> notes) {
    public ExtractedDocument {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(type, "type");
        blocks = List.copyOf(blocks);
        notes = List.copyOf(notes);
    }

    /** All text, a line feed between blocks. */
    public String text() {
        return blocks.stream().map(Block::text).collect(Collectors.joining("\n"));
    }
}
