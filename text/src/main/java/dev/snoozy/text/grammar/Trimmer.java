package dev.snoozy.text.grammar;

import java.util.Arrays;

/**
 * Takes away the edges from which no way leads to the end, so that no text can run into them, and
 * finds the states that nothing follows, so that a call there need not keep them on the stack.
 */
final class Trimmer {
    /** How far chains of edges for nothing are followed. */
    private static final int CHAIN = 64;

    private final Automaton all;

    private Trimmer(Automaton all) {
        this.all = all;
    }

    static Automaton trim(Automaton all) {
        return new Trimmer(all).trim();
    }

    private Automaton trim() {
        int states = all.states();
        int[] byteFrom = new int[states + 1];
        int[] byteLabels = new int[all.byteLabels().length];
        int[] byteTargets = new int[byteLabels.length];
        int[] jumpFrom = new int[states + 1];
        int[] jumpCalls = new int[all.jumpCalls().length];
        int[] jumpTargets = new int[jumpCalls.length];
        int[] best = all.best();
        int bytes = 0;
        int jumps = 0;
        for (int state = 0; state < states; state++) {
            int chosen = all.best()[state];
            for (int e = all.byteFrom()[state]; e < all.byteFrom()[state + 1]; e++) {
                if (isAlive(all.byteTargets()[e])) {
                    best[state] = chosen == e ? bytes : best[state];
                    byteLabels[bytes] = all.byteLabels()[e];
                    byteTargets[bytes++] = all.byteTargets()[e];
                }
            }
            for (int e = all.jumpFrom()[state]; e < all.jumpFrom()[state + 1]; e++) {
                int call = all.jumpCalls()[e];
                if (isAlive(all.jumpTargets()[e]) && (call == Automaton.NO_CALL || isAlive(call))) {
                    best[state] = chosen == ~e ? ~jumps : best[state];
                    jumpCalls[jumps] = call;
                    jumpTargets[jumps++] = all.jumpTargets()[e];
                }
            }
            byteFrom[state + 1] = bytes;
            jumpFrom[state + 1] = jumps;
        }
        Automaton trimmed =
                new Automaton(
                        byteFrom,
                        Arrays.copyOf(byteLabels, bytes),
                        Arrays.copyOf(byteTargets, bytes),
                        jumpFrom,
                        Arrays.copyOf(jumpCalls, jumps),
                        Arrays.copyOf(jumpTargets, jumps),
                        all.ends(),
                        all.tails(),
                        all.shortest(),
                        best,
                        all.rootStates());
        for (int state = 0; state < states; state++) {
            trimmed.tails()[state] = isTail(trimmed, state);
        }
        return trimmed;
    }

    private boolean isAlive(int state) {
        return all.shortest()[state] != ShortestWays.NEVER;
    }

    private static boolean isTail(Automaton automaton, int start) {
        int state = start;
        for (int i = 0; i < CHAIN; i++) {
            int bytes = automaton.byteFrom()[state + 1] - automaton.byteFrom()[state];
            int jump = automaton.jumpFrom()[state];
            int jumps = automaton.jumpFrom()[state + 1] - jump;
            if (bytes == 0 && jumps == 0) {
                return automaton.ends()[state];
            }
            if (bytes > 0 || jumps > 1 || automaton.jumpCalls()[jump] != Automaton.NO_CALL) {
                return false;
            }
            state = automaton.jumpTargets()[jump];
        }
        return false;
    }
}
