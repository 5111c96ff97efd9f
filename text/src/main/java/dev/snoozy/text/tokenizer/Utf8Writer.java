package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/** A growing array of UTF-8. */
final class Utf8Writer {
    private byte[] bytes;
    private int size;

    Utf8Writer(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    void add(byte b) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.multiplyExact(size, 2));
        }
        bytes[size++] = b;
    }

    void addAll(byte[] added, int from, int to) {
        for (int i = from; i < to; i++) {
            add(added[i]);
        }
    }

    void addPoint(int point) {
        if (point < 0x80) {
            add((byte) point);
            return;
        }
        if (point < 0x800) {
            add((byte) (0xC0 | point >> 6));
        } else {
            if (point < 0x10000) {
                add((byte) (0xE0 | point >> 12));
            } else {
                add((byte) (0xF0 | point >> 18));
                add((byte) (0x80 | point >> 12 & 0x3F));
            }
            add((byte) (0x80 | point >> 6 & 0x3F));
        }
        add((byte) (0x80 | point & 0x3F));
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** The bytes so far; those behind {@link #size} mean nothing. */
    byte[] array() {
        return bytes;
    }
}
