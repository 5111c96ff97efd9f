package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * RTF that does not begin with its header, <code>{\rtf1</code>: something stands before it, or it
 * was lost. Word processors open both; the parser wants the header first.
 *
 * @param skipped bytes that stand before what is RTF
 * @param header what is to be put before the rest
 * @param note what a user should know, or empty
 */
record LooseRtf(int skipped, String header, String note) {
    private static final String HEADER = "{\\rtf";
    private static final String MARK = "\u00EF\u00BB\u00BF";

    /** Words that RTF has and other texts do not, two of which must stand there. */
    private static final Pattern WORDS =
            Pattern.compile(
                    "\\\\(ansi|deff\\d|fonttbl|colortbl|stylesheet|pard|par|plain|fs\\d+)\\b");

    private static final Pattern GROUP =
            Pattern.compile("\\A\\{\\\\(\\*|fonttbl|colortbl|stylesheet|info)");

    /**
     * Finds out what is missing.
     *
     * @param head the first bytes of a file that is named RTF and does not begin like it
     * @throws ExtractionException if it has nothing of RTF
     */
    static LooseRtf of(byte[] head) throws ExtractionException {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(HEADER);
        if (at >= 0) {
            boolean blank = text.substring(0, at).replace(MARK, "").isBlank();
            return new LooseRtf(
                    at, "", blank ? "" : at + " bytes before its header {\\rtf were left out");
        }
        if (WORDS.matcher(text).results().limit(2).count() < 2) {
            throw new ExtractionException(
                    Reason.BROKEN,
                    "the file is named .rtf but has no header {\\rtf1 in its first "
                            + head.length
                            + " bytes, nor other words of RTF; cure: name it .txt if it is plain"
                            + " text, else save it anew");
        }
        int begin = text.startsWith(MARK) ? MARK.length() : 0;
        while (Character.isWhitespace(text.charAt(begin))) {
            begin++;
        }
        String note = "its header {\\rtf1 is missing";
        if (text.startsWith("\\rtf", begin)) {
            return new LooseRtf(begin, "{", note);
        }
        if (text.startsWith("rtf", begin)) {
            return new LooseRtf(begin, "{\\", note);
        }
        // A brace is that of the lost header, unless a group of the contents begins with it.
        boolean brace = text.charAt(begin) == '{' && !GROUP.matcher(text.substring(begin)).find();
        return new LooseRtf(brace ? begin + 1 : begin, HEADER + "1 ", note);
    }

    /** Writes the file with its header in its place. */
    void rewrite(Path file, Path target) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(target)) {
            in.skipNBytes(skipped);
            out.write(header.getBytes(StandardCharsets.ISO_8859_1));
            in.transferTo(out);
            // The parser takes the end of a file behind a control word for a letter.
            out.write(header.isEmpty() ? new byte[0] : new byte[] {'}'});
        }
    }
}
