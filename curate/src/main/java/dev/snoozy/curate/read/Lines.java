package dev.snoozy.curate.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a text in UTF-8, none of them kept beyond a limit. */
final class Lines {
    /** Bytes of a line that are kept; a longer one is a fault. */
    static final int LONGEST = 16 << 20;

    private static final int KEPT_OF_BROKEN = 4096;

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
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
        if (at == end && !fill()) {
            return false;
        }
        number++;
        do {
            int start = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            keep(start, at - start);
            if (at < end) {
                at++;
                return true;
            }
        } while (fill());
        return true;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private void keep(int start, int count) {
        int kept = Math.min(count, LONGEST - length);
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.max(length + kept, line.length * 2));
        }
        System.arraycopy(buffer, start, line, length, kept);
        length += kept;
        total += count;
    }

    boolean isEmpty() {
        return length == 0 || length == 1 && line[0] == '\r';
    }

    /** The line as a row that holds JSON, or one with a fault. */
    RawRow row(String file) {
        if (total > LONGEST) {
            String start = new String(line, 0, KEPT_OF_BROKEN, StandardCharsets.UTF_8);
            return RawRow.broken(
                    file, number, start, "a line of " + total + " bytes, at most " + LONGEST);
        }
        try {
            String text = decoder.decode(ByteBuffer.wrap(line, 0, length)).toString();
            return RawRow.json(file, number, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
            return RawRow.broken(file, number, text, "not UTF-8 (kept here as ISO-8859-1)");
        }
    }
}
