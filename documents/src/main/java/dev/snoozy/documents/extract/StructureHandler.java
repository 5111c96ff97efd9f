package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.Block.Kind;

import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

import java.util.Locale;
import java.util.Set;

/** Makes blocks of the XHTML that a parser tells of a document. */
final class StructureHandler extends DefaultHandler {
    /** The parser is stopped with this when there is enough text. */
    static final class EnoughException extends SAXException {
        private static final long serialVersionUID = 1;
    }

    private static final Set<String> OWN_BLOCK =
            Set.of(
                    "p",
                    "li",
                    "div",
                    "tr",
                    "dt",
                    "dd",
                    "blockquote",
                    "section",
                    "article",
                    "table",
                    "ul",
                    "ol",
                    "caption",
                    "figcaption",
                    "body",
                    "header",
                    "footer",
                    "br");

    /** What is inside these is not read. */
    private static final Set<String> SILENT = Set.of("head", "script", "style");

    private final BlockList blocks;
    private final StringBuilder text = new StringBuilder();
    private int silent;
    private int heading;
    private int rows;
    private boolean cellBefore;
    private int code;
    private int page;

    StructureHandler(BlockList blocks) {
        this.blocks = blocks;
    }

    /** The pages or slides seen; 0 if the format has none. */
    int pages() {
        return page;
    }

    @Override
    public void startElement(String uri, String local, String qName, Attributes attributes)
            throws SAXException {
        String name = local.toLowerCase(Locale.ROOT);
        if (SILENT.contains(name)) {
            silent++;
            return;
        }
        String kind = String.valueOf(attributes.getValue("class"));
        if (name.equals("div") && (kind.equals("page") || kind.equals("slide-content"))) {
            flush();
            page++;
        }
        if (isHeading(name)) {
            flush();
            heading = name.charAt(1) - '0';
        } else if (name.equals("tr")) {
            flush();
            rows++;
            cellBefore = false;
        } else if (name.equals("td") || name.equals("th")) {
            if (cellBefore) {
                text.append(" | ");
            }
            cellBefore = true;
        } else if (name.equals("pre")) {
            flush();
            code++;
        } else if (OWN_BLOCK.contains(name)) {
            boundary(name);
        }
    }

    @Override
    public void endElement(String uri, String local, String qName) throws SAXException {
        String name = local.toLowerCase(Locale.ROOT);
        if (SILENT.contains(name)) {
            silent--;
        } else if (isHeading(name)) {
            flush();
            heading = 0;
        } else if (name.equals("tr")) {
            flush();
            rows = Math.max(0, rows - 1);
        } else if (name.equals("pre")) {
            flush();
            code = Math.max(0, code - 1);
        } else if (OWN_BLOCK.contains(name)) {
            boundary(name);
        }
    }

    private static boolean isHeading(String name) {
        return name.length() == 2
                && name.charAt(0) == 'h'
                && name.charAt(1) >= '1'
                && name.charAt(1) <= '6';
    }

    /** Paragraphs inside a cell or a heading do not end it; white space between them does stay. */
    private void boundary(String name) throws SAXException {
        if (heading > 0 || rows > 0 || code > 0) {
            text.append(code > 0 ? '\n' : ' ');
        } else if (name.equals("br")) {
            text.append('\n');
        } else {
            flush();
        }
    }

    @Override
    public void characters(char[] ch, int start, int length) throws SAXException {
        if (silent > 0) {
            return;
        }
        text.append(ch, start, length);
        if (text.length() > 1 << 20) {
            flush(); // a paragraph without end
        }
    }

    @Override
    public void ignorableWhitespace(char[] ch, int start, int length) throws SAXException {
        characters(ch, start, length);
    }

    @Override
    public void endDocument() throws SAXException {
        flush();
    }

    private void flush() throws SAXException {
        String found = text.toString();
        text.setLength(0);
        if (code > 0) {
            blocks.add(Kind.CODE, found, page, 0);
        } else if (heading > 0) {
            blocks.heading(heading, found, page, 0);
        } else if (rows > 0) {
            blocks.add(Kind.ROW, row(found), page, 0);
        } else {
            blocks.add(Kind.TEXT, found, page, 0);
        }
        if (blocks.full()) {
            throw new EnoughException();
        }
    }

    /** A row on one line; a row of empty cells is none. */
    private static String row(String found) {
        String line = found.strip().replaceAll("\\s+", " ");
        return line.replace("|", "").isBlank() ? "" : line;
    }
}
