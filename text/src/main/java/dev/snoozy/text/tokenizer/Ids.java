package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. */
final class Ids {
    private int[] values = new int[64];
    private int size;

    void add(int id) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size));
        }
        values[size++] = id;
    }

    void addAll(int[] ids) {
        for (int id : ids) {
            add(id);
        }
    }

    int size() {
        return size;
    }

    /** Drops everything from {@code size} on. */
    void truncate(int size) {
        this.size = size;
    }

    int[] copy(int from) {
        return Arrays.copyOfRange(values, from, size);
    }

    /** Turns the ids from {@code from} on around. */
    void reverse(int from) {
        for (int i = from, j = size - 1; i < j; i++, j--) {
            int id = values[i];
            values[i] = values[j];
            values[j] = id;
        }
    }
}
