package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.Block.Kind;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what is text already: plain text, Markdown, reStructuredText, tables of separated values,
 * source code. Blocks know the lines where they begin.
 */
final class TextReader {
    /** What the text is written in. */
    enum Dialect {
        PLAIN,
        MARKDOWN,
        RST,
        TABLE,
        CODE
    }

    private static final Pattern MARKDOWN_HEADING =
            Pattern.compile(" {0,3}(#{1,6})\\s+(.*?)\\s*#*");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,}|~{3,}).*");
    private static final Pattern SETEXT = Pattern.compile(" {0,3}(=+|-+)\\s*");

    /** A heading as wikis write them; in some corpora the signs stand apart. */
    private static final Pattern WIKI_HEADING =
            Pattern.compile("\\s*(=(?: ?=){0,5}) (\\S.{0,200}?) \\1\\s*");

    /** A line of one of these signs marks a heading of reStructuredText. */
    private static final Pattern ADORNMENT = Pattern.compile("([=\\-`:.'\"~^_*+#])\\1{2,}\\s*");

    /** Each item of a list is a paragraph of its own. */
    private static final Pattern ITEM = Pattern.compile("\\s*([-*+•]|\\d{1,3}[.)])\\s+.*");

    private final BlockList blocks;
    private final Dialect dialect;
    private final List<String> lines;
    private final StringBuilder paragraph = new StringBuilder();
    private final StringBuilder adornments = new StringBuilder();
    private int paragraphLine;

    private TextReader(String text, Dialect dialect, BlockList blocks) {
        this.lines = text.lines().toList();
        this.dialect = dialect;
        this.blocks = blocks;
    }

    /** Reads a text into blocks. */
    static void read(String text, Dialect dialect, BlockList blocks) {
        TextReader reader = new TextReader(text, dialect, blocks);
        int next = 0;
        while (next < reader.lines.size() && !blocks.full()) {
            next = reader.step(next);
        }
        reader.endParagraph();
    }

    /** Reads on from a line, and gives the first line not yet read. */
    private int step(int at) {
        String line = lines.get(at);
        if (line.isBlank()) {
            endParagraph();
            return at + 1;
        }
        return switch (dialect) {
            case MARKDOWN -> markdown(at, line);
            case RST -> rst(at, line);
            case TABLE -> {
                blocks.add(Kind.ROW, line, 0, at + 1);
                yield at + 1;
            }
            case PLAIN -> plain(at, line);
            case CODE -> collect(at, line);
        };
    }

    private int plain(int at, String line) {
        Matcher heading = WIKI_HEADING.matcher(line);
        if (!heading.matches()) {
            return collect(at, line);
        }
        endParagraph();
        int level = heading.group(1).replace(" ", "").length();
        blocks.heading(level, heading.group(2), 0, at + 1);
        return at + 1;
    }

    private int markdown(int at, String line) {
        Matcher heading = MARKDOWN_HEADING.matcher(line);
        if (heading.matches()) {
            endParagraph();
            blocks.heading(heading.group(1).length(), heading.group(2), 0, at + 1);
            return at + 1;
        }
        Matcher fence = FENCE.matcher(line);
        if (fence.matches()) {
            endParagraph();
            return fenced(at, fence.group(1));
        }
        Matcher under = SETEXT.matcher(line);
        if (under.matches() && !paragraph.isEmpty()) {
            String text = paragraph.toString();
            paragraph.setLength(0);
            blocks.heading(under.group(1).startsWith("=") ? 1 : 2, text, 0, paragraphLine);
            return at + 1;
        }
        return collect(at, line);
    }

    private int fenced(int at, String mark) {
        StringBuilder code = new StringBuilder();
        int next = at + 1;
        while (next < lines.size() && !lines.get(next).strip().startsWith(mark)) {
            code.append(lines.get(next++)).append('\n');
        }
        blocks.add(Kind.CODE, code.toString(), 0, at + 2);
        return next + 1;
    }

    private int rst(int at, String line) {
        boolean over = ADORNMENT.matcher(line).matches();
        if (over && paragraph.isEmpty() && isAdornment(at + 2) && at + 1 < lines.size()) {
            rstHeading("2" + line.charAt(0), lines.get(at + 1), at + 2);
            return at + 3;
        }
        if (!over && paragraph.isEmpty() && isAdornment(at + 1)) {
            rstHeading("1" + lines.get(at + 1).charAt(0), line, at + 1);
            return at + 2;
        }
        return over && paragraph.isEmpty() ? at + 1 : collect(at, line);
    }

    private boolean isAdornment(int at) {
        return at < lines.size() && ADORNMENT.matcher(lines.get(at)).matches();
    }

    /** The level of a heading is the place of its style among those seen so far. */
    private void rstHeading(String style, String text, int line) {
        int found = adornments.indexOf(style);
        if (found < 0) {
            found = adornments.length();
            adornments.append(style);
        }
        blocks.heading(found / 2 + 1, text, 0, line);
    }

    private int collect(int at, String line) {
        if (dialect != Dialect.CODE && ITEM.matcher(line).matches()) {
            endParagraph();
        }
        if (paragraph.isEmpty()) {
            paragraphLine = at + 1;
        } else {
            paragraph.append('\n');
        }
        paragraph.append(line);
        return at + 1;
    }

    private void endParagraph() {
        if (!paragraph.isEmpty()) {
            Kind kind = dialect == Dialect.CODE ? Kind.CODE : Kind.TEXT;
            blocks.add(kind, paragraph.toString(), 0, paragraphLine);
            paragraph.setLength(0);
        }
    }
}
