package dev.snoozy.text.grammar;

import java.util.Arrays;

/**
 * The tokens that may come in a state, whatever lies below it on the stack. Immutable.
 *
 * @param many a bit for each token; empty if there are few
 * @param few the tokens, if there are few
 * @param exits the nodes of the vocabulary's tree where the state's rule is over, and tokens go on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record StateTokens(long[] many, int[] few, int[] exits) {
    private static final long[] NONE = {};
    private static final int[] NO_TOKENS = {};

    /** Of a list and a bit set, the smaller. */
    static StateTokens of(long[] bits, int[] exits) {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        if (count > 2 * bits.length) {
            return new StateTokens(bits, NO_TOKENS, exits);
        }
        int[] few = new int[count];
        int size = 0;
        for (int i = 0; i < bits.length; i++) {
            for (long word = bits[i]; word != 0; word &= word - 1) {
                few[size++] = (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return new StateTokens(NONE, Arrays.copyOf(few, size), exits);
    }

    void addTo(long[] bits) {
        for (int i = 0; i < many.length; i++) {
            bits[i] |= many[i];
        }
        for (int token : few) {
            bits[token >>> 6] |= 1L << token;
        }
    }

    /** Bytes of memory. */
    long bytes() {
        return Long.BYTES * (long) many.length
                + Integer.BYTES * ((long) few.length + exits.length)
                + 64;
    }
}
