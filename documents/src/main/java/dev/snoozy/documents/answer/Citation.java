package dev.snoozy.documents.answer;

import dev.snoozy.documents.index.Hit;

import java.nio.file.Path;
import java.util.List;

/**
 * A passage that a model was shown, and where it is from. Immutable.
 *
 * @param number by which an answer refers to it, as {@code [1]}
 * @param file absolute
 * @param title of the document, or empty
 * @param headings above the passage, the outermost first
 * @param page from 1, or 0 where the format has no pages
 * @param line where it begins, from 1, or 0 where the format has no lines
 * @param lastLine where it ends, or 0
 * @param passage the text that was shown
 */
public record Citation(
        int number,
        Path file,
        String title,
        List<String> headings,
        int page,
        int line,
        int lastLine,
        String passage) {
    public Citation {
        headings = List.copyOf(headings);
    }

    static Citation of(int number, Hit hit, String passage) {
        return new Citation(
                number,
                hit.file(),
                hit.title(),
                hit.chunk().headings(),
                hit.chunk().page(),
                hit.chunk().line(),
                hit.chunk().lastLine(),
                passage);
    }

    /** Name of the file, page or line, and headings, on one line. */
    public String place() {
        StringBuilder place = new StringBuilder(oneLine(String.valueOf(file.getFileName())));
        if (page > 0) {
            place.append(", page ").append(page);
        }
        if (line > 0) {
            place.append(", line ").append(line);
        }
        if (!headings.isEmpty()) {
            place.append(" (").append(oneLine(String.join(" > ", headings))).append(')');
        }
        return place.toString();
    }

    /** Names of files and headings are not to be trusted either: they stay on their line. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
