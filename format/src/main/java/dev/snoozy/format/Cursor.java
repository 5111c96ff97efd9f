package dev.snoozy.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a file from front to back and refuses to read past its end. */
final class Cursor {
    /** A longer text than this is no text: the reference reader refuses it too. */
    private static final long LONGEST_STRING = 1L << 30;

    private final MemorySegment file;
    private final ValueLayout.OfShort shorts;
    private final ValueLayout.OfInt ints;
    private final ValueLayout.OfLong longs;
    private long position;

    Cursor(MemorySegment file, ByteOrder order, long position) {
        this.file = file;
        this.shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        this.ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        this.longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        this.position = position;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.byteSize() - position;
    }

    byte int8(String what) {
        return file.get(ValueLayout.JAVA_BYTE, next(1, what));
    }

    short int16(String what) {
        return file.get(shorts, next(2, what));
    }

    int int32(String what) {
        return file.get(ints, next(4, what));
    }

    long int64(String what) {
        return file.get(longs, next(8, what));
    }

    /** A length and that many bytes of UTF-8. Bytes that are not UTF-8 become U+FFFD. */
    String string(String what) {
        long at = position;
        long length = int64(what);
        if (length < 0 || length > LONGEST_STRING || length > remaining()) {
            throw new FormatException(
                    "%s at byte %d: found a length of %s bytes, expected at most the %d that are left"
                            .formatted(what, at, Long.toUnsignedString(length), remaining()));
        }
        byte[] bytes = new byte[(int) length];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, next(length, what), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * A count of things that take at least so many bytes each, so that nothing is ever allocated by
     * a count that the file cannot hold.
     */
    long count(String what, long leastBytes) {
        long at = position;
        long count = int64(what);
        if (count < 0 || count > remaining() / leastBytes) {
            throw new FormatException(
                    "%s at byte %d: found %s, expected at most %d in the %d bytes that are left"
                            .formatted(
                                    what,
                                    at,
                                    Long.toUnsignedString(count),
                                    remaining() / leastBytes,
                                    remaining()));
        }
        return count;
    }

    private long next(long bytes, String what) {
        if (bytes > remaining()) {
            throw new FormatException(
                    "%s at byte %d: expected %d bytes, found the end of the file after %d"
                            .formatted(what, position, bytes, remaining()));
        }
        long at = position;
        position += bytes;
        return at;
    }
}
