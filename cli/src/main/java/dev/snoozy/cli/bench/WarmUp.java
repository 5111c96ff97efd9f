package dev.snoozy.cli.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Repeats something until it takes the same time twice: code is compiled, memory is mapped, the
 * processor has its frequency.
 *
 * @param rounds how often it was done
 * @param change of the last round against the one before; infinite after one round
 */
record WarmUp(int rounds, double change) {
    static final int MOST_ROUNDS = 8;
    static final double MOST_SECONDS = 20;
    static final double SMALL_CHANGE = 0.05;

    /**
     * Warms up.
     *
     * @param round does it once and says how many seconds it took
     */
    static WarmUp of(DoubleSupplier round) {
        double last = round.getAsDouble();
        double sum = last;
        double change = Double.POSITIVE_INFINITY;
        int rounds = 1;
        while (rounds < MOST_ROUNDS && sum < MOST_SECONDS && change >= SMALL_CHANGE) {
            double next = round.getAsDouble();
            change = Math.abs(next - last) / last;
            last = next;
            sum += next;
            rounds++;
        }
        return new WarmUp(rounds, change);
    }

    /** Whether the last two rounds were alike. */
    boolean settled() {
        return change < SMALL_CHANGE;
    }

    /** What makes the figures doubtful, if the rounds never were alike. */
    Optional<String> doubt() {
        if (settled()) {
            return Optional.empty();
        }
        String last =
                rounds == 1
                        ? "one warm-up round"
                        : String.format(
                                Locale.ROOT,
                                "%d warm-up rounds, the last %.0f %% off the one before",
                                rounds,
                                100 * change);
        return Optional.of("not settled after " + last + "; cure: a quiet machine, or other tests");
    }
}
