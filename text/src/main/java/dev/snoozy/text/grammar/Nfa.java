package dev.snoozy.text.grammar;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The automaton of one rule while it is made: states with edges for ranges of bytes, for nothing,
 * and for calls of rules. State 0 is the start. Used by one thread.
 */
final class Nfa {
    /** The label of an edge that takes no byte. */
    static final int NOTHING = -1;

    static final int NONE = -1;

    private static final int BYTE_BITS = 8;
    private static final int BYTE_MASK = 0xFF;

    private final BitSet ends = new BitSet();
    private int[] firstEdge = new int[16];
    private int[] nextEdge = new int[16];
    private int[] labels = new int[16];
    private int[] targets = new int[16];
    private int states;
    private int edges;

    Nfa() {
        newState();
    }

    /** The label of bytes in a range. */
    static int bytes(int first, int last) {
        return first | last << BYTE_BITS;
    }

    /** The label of a call. */
    static int call(int rule) {
        return NOTHING - 1 - rule;
    }

    static boolean isBytes(int label) {
        return label >= 0;
    }

    static boolean isCall(int label) {
        return label < NOTHING;
    }

    static int rule(int label) {
        return NOTHING - 1 - label;
    }

    static int firstByte(int label) {
        return label & BYTE_MASK;
    }

    static int lastByte(int label) {
        return label >> BYTE_BITS;
    }

    int newState() {
        if (states == firstEdge.length) {
            firstEdge = Arrays.copyOf(firstEdge, 2 * states);
        }
        firstEdge[states] = NONE;
        return states++;
    }

    void edge(int from, int label, int to) {
        if (edges == labels.length) {
            nextEdge = Arrays.copyOf(nextEdge, 2 * edges);
            labels = Arrays.copyOf(labels, 2 * edges);
            targets = Arrays.copyOf(targets, 2 * edges);
        }
        labels[edges] = label;
        targets[edges] = to;
        nextEdge[edges] = firstEdge[from];
        firstEdge[from] = edges++;
    }

    void end(int state) {
        ends.set(state);
    }

    boolean isEnd(int state) {
        return ends.get(state);
    }

    /** The first edge of a state, or {@link #NONE}. */
    int firstEdge(int state) {
        return firstEdge[state];
    }

    int nextEdge(int edge) {
        return nextEdge[edge];
    }

    int label(int edge) {
        return labels[edge];
    }

    int target(int edge) {
        return targets[edge];
    }

    int states() {
        return states;
    }

    int edges() {
        return edges;
    }
}
