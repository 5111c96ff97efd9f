package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs an automaton: all ways through it at the same time, a byte at a time. What follows a set of
 * stacks is worked out when it is first asked for, and kept. Used by one thread at a time.
 */
final class Machine {
    /** Sets that are kept; beyond, all are forgotten and worked out again when needed. */
    private static final int MOST_SETS = 20_000;

    private final Automaton automaton;
    private final Map<StackSet, StackSet> sets = new HashMap<>();
    private final Set<Stack> seen = new HashSet<>();
    private final Deque<Stack> open = new ArrayDeque<>();
    private final List<Stack> taking = new ArrayList<>();
    private boolean ended;
    private long work;

    Machine(Automaton automaton) {
        this.automaton = automaton;
    }

    Automaton automaton() {
        return automaton;
    }

    /** Where every text starts. */
    StackSet start() {
        return at(0, null);
    }

    /** Where a text is in a state with something below. */
    StackSet at(int state, @Nullable Stack below) {
        visit(new Stack(state, below, automaton));
        return closed();
    }

    /** Where a text is when a rule is over. */
    StackSet at(Stack stack) {
        visit(stack);
        return closed();
    }

    /** Where a text is after a byte. */
    StackSet next(StackSet set, int b) {
        StackSet known = set.next(b);
        if (known != null) {
            return known;
        }
        for (Stack stack : set.stacks) {
            int end = automaton.byteFrom()[stack.state + 1];
            for (int e = automaton.byteFrom()[stack.state]; e < end; e++) {
                int label = automaton.byteLabels()[e];
                if (Nfa.firstByte(label) <= b && b <= Nfa.lastByte(label)) {
                    visit(new Stack(automaton.byteTargets()[e], stack.below, automaton));
                }
            }
        }
        StackSet next = closed();
        set.setNext(b, next);
        return next;
    }

    /** Where a text is after some bytes. */
    StackSet next(StackSet set, byte[] bytes) {
        StackSet at = set;
        for (int i = 0; i < bytes.length && !at.isDead(); i++) {
            at = next(at, bytes[i] & 0xFF);
        }
        return at;
    }

    /** Steps taken so far, to measure the work of something. */
    long work() {
        return work;
    }

    private void visit(Stack stack) {
        if (seen.add(stack)) {
            open.push(stack);
        }
    }

    /** Follows calls and ends of rules from the stacks that are open. */
    private StackSet closed() {
        ended = false;
        try {
            while (!open.isEmpty()) {
                follow(open.pop());
                work++;
                if (seen.size() > Limits.STACKS) {
                    throw Limits.exceeded("ways to go on at the same time", Limits.STACKS);
                }
            }
            return taking.isEmpty() && !ended ? StackSet.DEAD : known(new StackSet(taking, ended));
        } finally {
            seen.clear();
            open.clear();
            taking.clear();
        }
    }

    private void follow(Stack stack) {
        int state = stack.state;
        if (automaton.byteFrom()[state + 1] > automaton.byteFrom()[state]) {
            taking.add(stack);
        }
        if (automaton.ends()[state]) {
            if (stack.below == null) {
                ended = true;
            } else {
                visit(stack.below);
            }
        }
        for (int e = automaton.jumpFrom()[state]; e < automaton.jumpFrom()[state + 1]; e++) {
            int target = automaton.jumpTargets()[e];
            int call = automaton.jumpCalls()[e];
            if (call == Automaton.NO_CALL) {
                visit(new Stack(target, stack.below, automaton));
            } else if (automaton.tails()[target]) {
                visit(new Stack(call, stack.below, automaton));
            } else {
                if (stack.depth >= Limits.DEPTH) {
                    throw new TextException(
                            "the text: expected at most "
                                    + Limits.DEPTH
                                    + " rules of the grammar within each other, found more");
                }
                visit(new Stack(call, new Stack(target, stack.below, automaton), automaton));
            }
        }
    }

    private StackSet known(StackSet set) {
        StackSet known = sets.get(set);
        if (known != null) {
            return known;
        }
        if (sets.size() >= MOST_SETS) {
            forget();
        }
        sets.put(set, set);
        return set;
    }

    /** Forgets what was worked out; sets that are in use stay right. */
    void forget() {
        sets.keySet().forEach(StackSet::forgetNext);
        sets.clear();
    }
}
