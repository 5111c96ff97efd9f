package dev.snoozy.text.grammar;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Where a text has got to: all ways in which a byte can go on, and whether the text may end. What
 * follows is remembered once it was asked for. Belongs to one {@link Machine}.
 */
final class StackSet {
    private static final int BYTES = 256;
    private static final Stack[] NO_STACKS = {};

    /** No way to go on, and no end either. */
    static final StackSet DEAD = new StackSet(List.of(), false);

    /** The end, and no way to go on. */
    static final StackSet END = new StackSet(List.of(), true);

    /** States on top of the stacks can take a byte. */
    final Stack[] stacks;

    /** Whether the lowest rule may be over here. */
    final boolean ended;

    private final int hash;

    /** What follows each byte, as far as known. */
    private @Nullable StackSet @Nullable [] next;

    /** Which tokens may come, as far as known; kept by {@link TokenGrammar}. */
    @Nullable TokenMask mask;

    StackSet(List<Stack> stacks, boolean ended) {
        this.stacks = stacks.toArray(NO_STACKS);
        this.ended = ended;
        hash = Arrays.hashCode(this.stacks) * 2 + (ended ? 1 : 0);
    }

    boolean isDead() {
        return stacks.length == 0 && !ended;
    }

    @Nullable StackSet next(int b) {
        return next == null ? null : next[b];
    }

    void setNext(int b, StackSet set) {
        if (next == null) {
            next = new StackSet[BYTES];
        }
        next[b] = set;
    }

    void forgetNext() {
        next = null;
    }

    /** Bytes of the shortest way to the end. */
    long shortest() {
        long least = ended ? 0 : Long.MAX_VALUE;
        for (Stack stack : stacks) {
            least = Math.min(least, stack.shortest);
        }
        return least;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o
                || o instanceof StackSet set
                        && hash == set.hash
                        && ended == set.ended
                        && Arrays.equals(stacks, set.stacks);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
