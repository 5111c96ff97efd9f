package dev.snoozy.text.grammar;

/**
 * A grammar as a machine with a stack over bytes. All rules share one row of states; a call keeps
 * the state to return to on the stack. Every state can be gone on from to the end of its rule.
 * Immutable and thread-safe.
 *
 * @param byteFrom where the edges for bytes of a state begin {@code [states + 1]}
 * @param byteLabels ranges of bytes, see {@link Nfa#bytes}
 * @param byteTargets where these edges lead
 * @param jumpFrom where the edges without bytes of a state begin {@code [states + 1]}
 * @param jumpCalls the first state of the rule that is called, or -1 for an edge for nothing
 * @param jumpTargets where these edges lead, behind the call
 * @param ends whether the rule may end in a state
 * @param tails whether nothing more of the rule can follow a state
 * @param shortest bytes of the shortest way to the end of the rule
 * @param best the first edge of such a way: a byte edge, or the complement of a jump
 * @param rootStates how many states, from state 0 on, belong to the first rule
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Automaton(
        int[] byteFrom,
        int[] byteLabels,
        int[] byteTargets,
        int[] jumpFrom,
        int[] jumpCalls,
        int[] jumpTargets,
        boolean[] ends,
        boolean[] tails,
        int[] shortest,
        int[] best,
        int rootStates) {
    /** The value of {@link #jumpCalls} for an edge that calls nothing. */
    static final int NO_CALL = -1;

    /** The value of {@link #best} where a rule ends. */
    static final int AT_END = Integer.MAX_VALUE;

    int states() {
        return ends.length;
    }
}
