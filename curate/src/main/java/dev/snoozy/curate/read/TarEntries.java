package dev.snoozy.curate.read;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The files in a tar archive, one after the other: POSIX ustar with the long names of GNU and pax
 * (IEEE 1003.1, pax interchange format). Reading gives the present file.
 */
final class TarEntries extends InputStream {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 1 << 16;

    private final InputStream in;
    private String name = "";
    private long left;
    private long padding;

    TarEntries(InputStream in) {
        this.in = in;
    }

    String name() {
        return name;
    }

    /** Goes to the next file. */
    boolean next() throws IOException {
        String longName = "";
        while (true) {
            in.skipNBytes(left + padding);
            left = 0;
            padding = 0;
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || header.length == BLOCK && isEmpty(header)) {
                return false;
            }
            if (header.length < BLOCK) {
                throw new EOFException("the archive ends within an entry");
            }
            left = size(header);
            padding = (BLOCK - left % BLOCK) % BLOCK;
            char type = (char) header[156];
            if (type == 'L' || type == 'x') {
                longName = longName(type, longName);
            } else if (type == '0' || type == 0) {
                name = longName.isEmpty() ? ustarName(header) : longName;
                return true;
            } else {
                longName = ""; // a folder, a link: nothing to read
            }
        }
    }

    private String longName(char type, String before) throws IOException {
        if (left > LONGEST_NAME) {
            throw new IOException("the archive has a name of " + left + " bytes");
        }
        byte[] content = in.readNBytes((int) left);
        left = 0;
        String text = new String(content, StandardCharsets.UTF_8);
        if (type == 'L') {
            return text.replace("\0", "");
        }
        for (String line : text.split("\n")) {
            int start = line.indexOf(" path=");
            if (start >= 0) {
                return line.substring(start + " path=".length());
            }
        }
        return before;
    }

    private static boolean isEmpty(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static long size(byte[] header) throws IOException {
        if ((header[124] & 0x80) != 0) { // too large for octal digits
            long size = 0;
            for (int i = 128; i < 136; i++) {
                size = size << 8 | header[i] & 0xFF;
            }
            if (size < 0) {
                throw new IOException("the archive has an entry of a negative size");
            }
            return size;
        }
        String digits = text(header, 124, 12).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("the archive has an entry of size \"" + digits + "\"", e);
        }
    }

    private static String ustarName(byte[] header) {
        String prefix = text(header, 345, 155);
        String last = text(header, 0, 100);
        return prefix.isEmpty() ? last : prefix + "/" + last;
    }

    private static String text(byte[] header, int start, int length) {
        int end = start;
        while (end < start + length && header[end] != 0) {
            end++;
        }
        return new String(header, start, end - start, StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(bytes, start, (int) Math.min(length, left));
        if (n < 0) {
            throw new EOFException("the archive ends within " + name);
        }
        left -= n;
        return n;
    }
}
