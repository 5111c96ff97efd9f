package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Some bytes of a file, to be read in words of four, little endian, from any place. They lie in an
 * array of integers: plain arithmetic on those is quick from the first call on, while the JVM has
 * not compiled anything yet. Used by one thread.
 */
final class BlockWords {
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private int[] words = {};

    /** Takes the bytes from {@code at} on. */
    void read(MemorySegment source, long at, int bytes) {
        int whole = bytes / Integer.BYTES;
        if (words.length < whole + 2) {
            words = new int[whole + 2];
        }
        MemorySegment.copy(source, WORD, at, words, 0, whole);
        int rest = 0;
        for (int i = whole * Integer.BYTES; i < bytes; i++) {
            int octet = source.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
            rest |= octet << (i % Integer.BYTES * Byte.SIZE);
        }
        words[whole] = rest;
    }

    /** Four bytes. */
    int word(int at) {
        int i = at >> 2;
        long both = (words[i] & 0xFFFF_FFFFL) | (long) words[i + 1] << Integer.SIZE;
        return (int) (both >>> ((at & 3) * Byte.SIZE));
    }

    /** Two bytes. */
    int half(int at) {
        return word(at) & 0xFFFF;
    }

    /** One byte. */
    int octet(int at) {
        return word(at) & 0xFF;
    }

    /**
     * Writes words that follow each other to places of an array.
     *
     * @param flip bits that are turned over in each
     */
    void scatter(int at, int count, int flip, int[] target, int to, int stride) {
        int first = at >> 2;
        int shift = (at & 3) * Byte.SIZE;
        long low = words[first] & 0xFFFF_FFFFL;
        for (int i = 0; i < count; i++) {
            long high = words[first + 1 + i] & 0xFFFF_FFFFL;
            target[to + i * stride] = (int) ((low | high << Integer.SIZE) >>> shift) ^ flip;
            low = high;
        }
    }
}
