package dev.snoozy.engine.sample;

import java.util.Arrays;

/** The tokens of a text so far, prompt and answer. */
final class History {
    private int[] tokens = new int[64];
    private int size;

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = token;
    }

    int size() {
        return size;
    }

    /** The token at a place counted from the start. */
    int at(int place) {
        return tokens[place];
    }

    /** The token {@code back} places before the end; 0 is the last. */
    int last(int back) {
        return tokens[size - 1 - back];
    }

    /** How many tokens a window of {@code lastN} covers; -1 covers all. */
    int window(int lastN) {
        return lastN < 0 ? size : Math.min(lastN, size);
    }
}
