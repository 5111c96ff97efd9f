package dev.snoozy.curate.filter;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Says which of some words are in a text, in one pass over it (Aho and Corasick 1975, with the
 * failure function worked into the table). A letter and its capital are the same, in ASCII only, as
 * in patterns. Immutable.
 */
final class Spotter {
    private static final int ASCII = 128;
    private static final int WORDS = Long.SIZE;

    private final byte[] columns = new byte[ASCII];
    private final int width;

    /** The state after a character: [states, width]. */
    private final short[] next;

    /** The words that end in a state, a bit for each. */
    private final long[] ended;

    /**
     * @param words in lower case and ASCII, at most 64
     */
    Spotter(List<String> words) {
        if (words.size() > WORDS) {
            throw new IllegalArgumentException(words.size() + " words, at most " + WORDS);
        }
        int used = 1; // column 0 is for characters of no word
        for (char c : String.join("", words).toCharArray()) {
            if (columns[c] == 0) {
                columns[c] = (byte) used++;
            }
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            columns[c] = columns[c + 32];
        }
        width = used;
        int most = 1 + words.stream().mapToInt(String::length).sum();
        next = new short[most * width];
        ended = new long[most];
        Arrays.fill(next, (short) -1);
        int states = 1;
        for (int word = 0; word < words.size(); word++) {
            int state = 0;
            for (char c : words.get(word).toCharArray()) {
                int at = state * width + columns[c];
                if (next[at] < 0) {
                    next[at] = (short) states++;
                }
                state = next[at];
            }
            ended[state] |= 1L << word;
        }
        complete();
    }

    /** Gives each state a way for every character: that of the longest suffix that has one. */
    private void complete() {
        int[] suffixes = new int[ended.length];
        Deque<Integer> states = new ArrayDeque<>();
        for (int column = 0; column < width; column++) {
            if (next[column] > 0) {
                states.add((int) next[column]);
            } else {
                next[column] = 0;
            }
        }
        while (!states.isEmpty()) {
            int state = states.remove();
            int suffix = suffixes[state];
            ended[state] |= ended[suffix];
            for (int column = 0; column < width; column++) {
                int at = state * width + column;
                short other = next[suffix * width + column];
                if (next[at] < 0) {
                    next[at] = other;
                } else {
                    suffixes[next[at]] = other;
                    states.add((int) next[at]);
                }
            }
        }
    }

    /** The words that are in a text: bit i for word i. */
    long find(String text) {
        long found = 0;
        int state = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            state = next[state * width + (c < ASCII ? columns[c] : 0)];
            found |= ended[state];
        }
        return found;
    }
}
