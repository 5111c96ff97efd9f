package dev.snoozy.text.grammar;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.IntSupplier;

/** The automaton of what two deterministic automata without calls both allow. */
final class Product {
    private record Pair(int one, int other) {}

    private final Nfa one;
    private final Nfa other;
    private final IntSupplier newState;
    private final NfaBuilder.Edges edges;
    private final Map<Pair, Integer> states = new HashMap<>();
    private final Queue<Pair> open = new ArrayDeque<>();

    Product(Nfa one, Nfa other, IntSupplier newState, NfaBuilder.Edges edges) {
        this.one = one;
        this.other = other;
        this.newState = newState;
        this.edges = edges;
    }

    /** Lets the product follow a state; gives the state behind it. */
    int append(int from) {
        int out = newState.getAsInt();
        edges.add(from, Nfa.NOTHING, state(new Pair(0, 0)));
        while (!open.isEmpty()) {
            Pair pair = open.remove();
            int state = state(pair);
            if (one.isEnd(pair.one()) && other.isEnd(pair.other())) {
                edges.add(state, Nfa.NOTHING, out);
            }
            edges(pair, state);
        }
        return out;
    }

    private void edges(Pair pair, int state) {
        for (int a = one.firstEdge(pair.one()); a != Nfa.NONE; a = one.nextEdge(a)) {
            for (int b = other.firstEdge(pair.other()); b != Nfa.NONE; b = other.nextEdge(b)) {
                int first = Math.max(Nfa.firstByte(one.label(a)), Nfa.firstByte(other.label(b)));
                int last = Math.min(Nfa.lastByte(one.label(a)), Nfa.lastByte(other.label(b)));
                if (first <= last) {
                    int to = state(new Pair(one.target(a), other.target(b)));
                    edges.add(state, Nfa.bytes(first, last), to);
                }
            }
        }
    }

    private int state(Pair pair) {
        Integer known = states.get(pair);
        if (known == null) {
            known = newState.getAsInt();
            states.put(pair, known);
            open.add(pair);
        }
        return known;
    }
}
