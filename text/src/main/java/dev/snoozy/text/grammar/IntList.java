package dev.snoozy.text.grammar;

import java.util.Arrays;

/** Numbers in a row that grows. */
final class IntList {
    private int[] values = new int[4];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    /** The numbers and room behind them; not a copy. */
    int[] array() {
        return values;
    }

    int[] copy() {
        return Arrays.copyOf(values, size);
    }
}
