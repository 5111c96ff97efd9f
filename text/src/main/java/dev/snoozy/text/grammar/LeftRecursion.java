package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Expression.Rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Refuses grammars in which a rule can call itself before it has taken a byte: following such calls
 * would not end.
 */
final class LeftRecursion {
    private static final int NEW = 0;
    private static final int OPEN = 1;
    private static final int DONE = 2;

    private final Automaton automaton;
    private final int[] offsets;
    private final List<Rule> rules;

    LeftRecursion(Automaton automaton, int[] offsets, List<Rule> rules) {
        this.automaton = automaton;
        this.offsets = offsets;
        this.rules = rules;
    }

    /** Looks at every rule, depth first, without recursion of its own. */
    void check() {
        int[] colours = new int[rules.size()];
        Map<Integer, Deque<Integer>> left = new HashMap<>();
        for (int root = 0; root < rules.size(); root++) {
            if (colours[root] != NEW) {
                continue;
            }
            Deque<Integer> path = new ArrayDeque<>();
            path.push(root);
            while (!path.isEmpty()) {
                int rule = path.getFirst();
                colours[rule] = OPEN;
                Deque<Integer> calls = left.computeIfAbsent(rule, this::firstCalls);
                Integer next = calls.poll();
                if (next == null) {
                    colours[rule] = DONE;
                    left.remove(rule);
                    path.pop();
                } else if (colours[next] == OPEN) {
                    throw recursive(path, next);
                } else if (colours[next] == NEW) {
                    path.push(next);
                }
            }
        }
    }

    private TextException recursive(Deque<Integer> path, int rule) {
        List<String> names = new ArrayList<>();
        names.add(rules.get(rule).name());
        for (int part : path) {
            names.addFirst(rules.get(part).name());
            if (part == rule) {
                break;
            }
        }
        return new TextException(
                "the rule \""
                        + rules.get(rule).name()
                        + "\" begins with itself ("
                        + String.join(" → ", names)
                        + "), expected something before it; cure: write the recursion at the"
                        + " end, or as a repetition with *");
    }

    /** The rules that a rule can call before it takes a byte. */
    private Deque<Integer> firstCalls(int rule) {
        TreeSet<Integer> calls = new TreeSet<>();
        Deque<Integer> open = new ArrayDeque<>();
        TreeSet<Integer> seen = new TreeSet<>();
        open.push(offsets[rule]);
        while (!open.isEmpty()) {
            int state = open.pop();
            if (!seen.add(state)) {
                continue;
            }
            for (int e = automaton.jumpFrom()[state]; e < automaton.jumpFrom()[state + 1]; e++) {
                int call = automaton.jumpCalls()[e];
                if (call != Automaton.NO_CALL) {
                    calls.add(Arrays.binarySearch(offsets, call));
                }
                if (call == Automaton.NO_CALL || automaton.shortest()[call] == 0) {
                    open.push(automaton.jumpTargets()[e]);
                }
            }
        }
        return new ArrayDeque<>(calls);
    }
}
