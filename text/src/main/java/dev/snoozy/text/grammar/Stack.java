package dev.snoozy.text.grammar;

import org.jspecify.annotations.Nullable;

/**
 * A state and, below it, the states to return to when its rule is over. Immutable; stacks share
 * what lies below. Equal stacks are as good as the same.
 */
final class Stack {
    private static final int HASH_FACTOR = 0x9E3779B1;

    final int state;

    /** What to go on with when the rule is over; null if that is not known here. */
    final @Nullable Stack below;

    /** Bytes of the shortest way to the end of the lowest rule, or more than any budget. */
    final long shortest;

    final int depth;
    private final int hash;

    Stack(int state, @Nullable Stack below, Automaton automaton) {
        this.state = state;
        this.below = below;
        shortest = automaton.shortest()[state] + (below == null ? 0 : below.shortest);
        depth = below == null ? 1 : below.depth + 1;
        int mixed = (below == null ? 0 : below.hash) * HASH_FACTOR + state;
        hash = mixed ^ mixed >>> 15;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (!(o instanceof Stack)) {
            return false;
        }
        Stack one = this;
        Stack other = (Stack) o;
        while (one != other) {
            if (one == null || other == null || one.hash != other.hash) {
                return false;
            }
            if (one.state != other.state || one.depth != other.depth) {
                return false;
            }
            one = one.below;
            other = other.below;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
