package dev.snoozy.text.grammar;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds states that cannot be told apart by a few bytes: the many places of a string of at most a
 * thousand characters look the same to a token. States are compared by hashes of what follows them,
 * one byte further in each round (Moore, "Gedanken-experiments on sequential machines", 1956). Two
 * different ones with the same 64 bits are as good as impossible, and would only make a token seem
 * to be allowed that is then refused.
 */
final class Horizon {
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private Horizon() {}

    /** For each state the first one that looks the same for so many bytes. */
    static int[] representatives(Automaton automaton, int bytes) {
        int states = automaton.states();
        long[] hashes = new long[states];
        for (int state = 0; state < states; state++) {
            hashes[state] = automaton.ends()[state] ? 1 : 2;
        }
        for (int round = 0; round < bytes; round++) {
            long[] further = new long[states];
            for (int state = 0; state < states; state++) {
                further[state] = hash(automaton, state, hashes);
            }
            hashes = further;
        }
        Map<Long, Integer> first = new HashMap<>();
        int[] representatives = new int[states];
        for (int state = 0; state < states; state++) {
            Integer known = first.putIfAbsent(hashes[state], state);
            representatives[state] = known == null ? state : known;
        }
        return representatives;
    }

    /**
     * Edges are added up, as their order means nothing. What follows without a byte between is
     * known to the same round only, so there the state itself counts.
     */
    private static long hash(Automaton automaton, int state, long[] hashes) {
        long sum = automaton.ends()[state] ? 1 : 2;
        for (int e = automaton.byteFrom()[state]; e < automaton.byteFrom()[state + 1]; e++) {
            sum += mixed(automaton.byteLabels()[e] + FACTOR * hashes[automaton.byteTargets()[e]]);
        }
        for (int e = automaton.jumpFrom()[state]; e < automaton.jumpFrom()[state + 1]; e++) {
            int call = automaton.jumpCalls()[e];
            int target = automaton.jumpTargets()[e];
            boolean takesBytes = call != Automaton.NO_CALL && automaton.shortest()[call] > 0;
            long behind = takesBytes ? hashes[target] : mixed(~(long) target);
            sum += mixed(~(long) call + FACTOR * behind);
        }
        return mixed(sum);
    }

    private static long mixed(long value) {
        long x = value;
        x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }
}
