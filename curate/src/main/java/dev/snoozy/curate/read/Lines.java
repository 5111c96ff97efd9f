package dev.snoozy.curate.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a text in UTF-8, none of them kept beyond a limit. */
final class Lines {
    /** Bytes of a line that are kept; a longer one is a fault. */
    static final int LONGEST = 16 << 20;

    private static final int KEPT_OF_BROKEN = 4096;

    private final InputStream in;
    private byte[] line = new byte[8192];
    private int length;
    private long total;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line. */
    boolean next() throws IOException {
        length = 0;
        total = 0;
        int b = in.read();
        if (b < 0) {
            return false;
        }
        number++;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (length < LONGEST) {
                if (length == line.length) {
                    line = Arrays.copyOf(line, length * 2);
                }
                line[length++] = (byte) b;
            }
            total++;
        }
        return true;
    }

    long number() {
        return number;
    }

    /** The line as a row that holds JSON, or one with a fault. */
    RawRow row(String file) {
        if (total > LONGEST) {
            String start = new String(line, 0, KEPT_OF_BROKEN, StandardCharsets.UTF_8);
            return RawRow.broken(
                    file, number, start, "a line of " + total + " bytes, at most " + LONGEST);
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
            return RawRow.json(file, number, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
            return RawRow.broken(file, number, text, "not UTF-8 (kept here as ISO-8859-1)");
        }
    }
}
