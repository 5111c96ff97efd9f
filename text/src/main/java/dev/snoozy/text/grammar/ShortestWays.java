package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.IntFunction;

/**
 * Finds the shortest way from every state to the end of its rule, nearest states first (Knuth, "A
 * generalization of Dijkstra's algorithm", 1977): a call is as long as its rule.
 */
final class ShortestWays {
    /** From here no way leads to the end. */
    static final int NEVER = Integer.MAX_VALUE;

    private final Automaton automaton;
    private final int[] shortest;
    private final PriorityQueue<Long> queue = new PriorityQueue<>();
    private final boolean[] settled;

    /** Edges by the state they lead to, and calls by the state their rule starts with. */
    private final int[] byTarget;

    private final int[] nextByTarget;
    private final int[] byCall;
    private final int[] nextByCall;
    private final int[] sources;
    private final int byteEdges;

    private ShortestWays(Automaton automaton) {
        this.automaton = automaton;
        shortest = automaton.shortest();
        settled = new boolean[automaton.states()];
        byteEdges = automaton.byteTargets().length;
        int edges = byteEdges + automaton.jumpTargets().length;
        byTarget = none(automaton.states());
        byCall = none(automaton.states());
        nextByTarget = new int[edges];
        nextByCall = new int[edges];
        sources = new int[edges];
        link();
    }

    private static int[] none(int size) {
        int[] result = new int[size];
        Arrays.fill(result, -1);
        return result;
    }

    /** Fills in {@link Automaton#shortest} and {@link Automaton#best}. */
    static void find(Automaton automaton, IntFunction<String> ruleOf) {
        new ShortestWays(automaton).run(ruleOf);
    }

    private void link() {
        for (int state = 0; state < automaton.states(); state++) {
            for (int e = automaton.byteFrom()[state]; e < automaton.byteFrom()[state + 1]; e++) {
                link(e, state, automaton.byteTargets()[e]);
            }
            for (int e = automaton.jumpFrom()[state]; e < automaton.jumpFrom()[state + 1]; e++) {
                link(byteEdges + e, state, automaton.jumpTargets()[e]);
                int call = automaton.jumpCalls()[e];
                if (call != Automaton.NO_CALL) {
                    nextByCall[byteEdges + e] = byCall[call];
                    byCall[call] = byteEdges + e;
                }
            }
        }
    }

    private void link(int edge, int source, int target) {
        sources[edge] = source;
        nextByTarget[edge] = byTarget[target];
        byTarget[target] = edge;
    }

    private void run(IntFunction<String> ruleOf) {
        Arrays.fill(shortest, NEVER);
        for (int state = 0; state < automaton.states(); state++) {
            if (automaton.ends()[state]) {
                offer(state, 0, Automaton.AT_END);
            }
        }
        while (!queue.isEmpty()) {
            int state = (int) (long) queue.remove();
            if (settled[state]) {
                continue;
            }
            settled[state] = true;
            if (shortest[state] > Limits.SHORTEST) {
                throw new TextException(
                        "the rule \""
                                + ruleOf.apply(state)
                                + "\": expected a shortest text of at most "
                                + Limits.SHORTEST
                                + " bytes, found a longer one");
            }
            for (int e = byTarget[state]; e >= 0; e = nextByTarget[e]) {
                relax(e);
            }
            for (int e = byCall[state]; e >= 0; e = nextByCall[e]) {
                relax(e);
            }
        }
    }

    private void relax(int edge) {
        int source = sources[edge];
        if (edge < byteEdges) {
            offer(source, 1 + shortest[automaton.byteTargets()[edge]], edge);
            return;
        }
        int jump = edge - byteEdges;
        int target = automaton.jumpTargets()[jump];
        int call = automaton.jumpCalls()[jump];
        if (settled[target] && (call == Automaton.NO_CALL || settled[call])) {
            int within = call == Automaton.NO_CALL ? 0 : shortest[call];
            offer(source, within + shortest[target], ~jump);
        }
    }

    private void offer(int state, int length, int edge) {
        if (!settled[state] && length < shortest[state]) {
            shortest[state] = length;
            automaton.best()[state] = edge;
            queue.add((long) length << 32 | state);
        }
    }
}
