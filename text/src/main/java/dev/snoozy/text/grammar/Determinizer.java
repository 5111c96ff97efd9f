package dev.snoozy.text.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins states that are reached by the same bytes (the subset construction of Rabin and Scott,
 * 1959), and calls of the same rule. A state of the result has at most one edge for each byte and
 * each rule, and none for nothing.
 */
final class Determinizer {
    private static final int BYTES = 256;

    /** The steps that are left for all rules of a grammar. */
    static final class JoinBudget {
        private long left = Limits.JOINING;
    }

    /** A set of states in ascending order. */
    private record Key(int[] states, int hash) {
        static Key of(int[] states) {
            return new Key(states, Arrays.hashCode(states));
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Key key && Arrays.equals(states, key.states);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Nfa from;
    private final Nfa to = new Nfa();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<int[]> sets = new ArrayList<>();
    private final int[] seen;
    private int stamp;
    private int[] closure = new int[64];
    private final JoinBudget budget;
    private long work;

    private Determinizer(Nfa from, JoinBudget budget) {
        this.from = from;
        this.budget = budget;
        seen = new int[from.states()];
    }

    /** The automaton with joined states, or the same one where that would take too much work. */
    static Nfa tryJoin(Nfa nfa, JoinBudget budget) {
        Determinizer determinizer = new Determinizer(nfa, budget);
        return determinizer.run() ? determinizer.to : nfa;
    }

    /** The automaton with joined states. */
    static Nfa require(Nfa nfa, JoinBudget budget) {
        Determinizer determinizer = new Determinizer(nfa, budget);
        if (!determinizer.run()) {
            throw Limits.exceeded("steps to join states", Limits.JOINING);
        }
        return determinizer.to;
    }

    private boolean run() {
        try {
            return join();
        } finally {
            budget.left -= work;
        }
    }

    private boolean join() {
        number(new int[] {0}, 1);
        for (int state = 0; state < sets.size(); state++) {
            if (work > budget.left) {
                return false;
            }
            int[] set = sets.get(state);
            sets.set(state, new int[0]);
            edges(state, set);
        }
        return true;
    }

    private void edges(int state, int[] set) {
        Map<Integer, IntList> calls = new TreeMap<>();
        List<int[]> ranges = new ArrayList<>();
        for (int member : set) {
            for (int e = from.firstEdge(member); e != Nfa.NONE; e = from.nextEdge(e)) {
                int label = from.label(e);
                if (Nfa.isCall(label)) {
                    calls.computeIfAbsent(label, l -> new IntList()).add(from.target(e));
                } else if (Nfa.isBytes(label)) {
                    ranges.add(
                            new int[] {Nfa.firstByte(label), Nfa.lastByte(label), from.target(e)});
                }
                work++;
            }
        }
        calls.forEach(
                (label, targets) -> to.edge(state, label, number(targets.array(), targets.size())));
        bytes(state, ranges);
    }

    /** Cuts the ranges where one begins or ends; each piece leads to all that hold it. */
    private void bytes(int state, List<int[]> ranges) {
        if (ranges.size() == 1) { // the usual case
            int[] range = ranges.getFirst();
            to.edge(state, Nfa.bytes(range[0], range[1]), number(new int[] {range[2]}, 1));
            return;
        }
        boolean[] cuts = new boolean[BYTES + 1];
        for (int[] range : ranges) {
            cuts[range[0]] = true;
            cuts[range[1] + 1] = true;
        }
        IntList[] targets = new IntList[BYTES];
        for (int[] range : ranges) {
            for (int b = range[0]; b <= range[1]; b++) {
                if (cuts[b]) {
                    if (targets[b] == null) {
                        targets[b] = new IntList();
                    }
                    targets[b].add(range[2]);
                    work++;
                }
            }
        }
        int first = 0;
        int before = Nfa.NONE;
        for (int b = 0; b < BYTES; b++) {
            if (cuts[b]) {
                int target =
                        targets[b] == null
                                ? Nfa.NONE
                                : number(targets[b].array(), targets[b].size());
                if (target != before) {
                    range(state, first, b - 1, before);
                    first = b;
                    before = target;
                }
            }
        }
        range(state, first, BYTES - 1, before);
    }

    private void range(int state, int first, int last, int target) {
        if (target != Nfa.NONE) {
            to.edge(state, Nfa.bytes(first, last), target);
        }
    }

    /** The number of the set that some states and all beyond edges for nothing are. */
    private int number(int[] states, int count) {
        stamp++;
        int size = 0;
        int important = 0;
        for (int i = 0; i < count; i++) {
            size = visit(states[i], size);
        }
        for (int i = 0; i < size; i++) {
            int state = closure[i];
            boolean kept = from.isEnd(state);
            for (int e = from.firstEdge(state); e != Nfa.NONE; e = from.nextEdge(e)) {
                work++;
                if (from.label(e) == Nfa.NOTHING) {
                    size = visit(from.target(e), size);
                } else {
                    kept = true;
                }
            }
            if (kept) {
                closure[important++] = state;
            }
        }
        int[] set = Arrays.copyOf(closure, important);
        Arrays.sort(set);
        Key key = Key.of(set);
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        int number = sets.isEmpty() ? 0 : to.newState();
        numbers.put(key, number);
        sets.add(set);
        for (int state : set) {
            if (from.isEnd(state)) {
                to.end(number);
            }
        }
        return number;
    }

    private int visit(int state, int size) {
        if (seen[state] == stamp) {
            return size;
        }
        seen[state] = stamp;
        if (size == closure.length) {
            closure = Arrays.copyOf(closure, 2 * size);
        }
        closure[size] = state;
        return size + 1;
    }
}
