package dev.snoozy.engine.run;

import dev.snoozy.engine.Priority;

import java.util.Comparator;

/**
 * A job's place among all. Jobs stand in the order in which they came, but each step of priority
 * puts a job {@value #HEAD_START} places ahead: at most so many later ones overtake it for that, so
 * that none waits for ever.
 *
 * @param place the smaller, the earlier
 * @param number how many jobs came before
 */
record Turn(long place, long number) implements Comparable<Turn> {
    /** How many places a step of priority is worth. */
    static final int HEAD_START = 64;

    private static final Comparator<Turn> ORDER =
            Comparator.comparingLong(Turn::place).thenComparingLong(Turn::number);

    static Turn of(long number, Priority priority) {
        return new Turn(number - (long) HEAD_START * priority.ordinal(), number);
    }

    boolean isBefore(Turn other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(Turn other) {
        return ORDER.compare(this, other);
    }
}
