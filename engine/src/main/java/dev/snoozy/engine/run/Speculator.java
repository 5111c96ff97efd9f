package dev.snoozy.engine.run;

import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.PerformanceCliff;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Decides how many tokens are guessed: as many as bring the most tokens per second, by what batches
 * of so many rows have taken and by how many guesses of a text were right. Used by the scheduler's
 * thread only.
 */
public final class Speculator implements AutoCloseable {
    /** Of a new value in the mean of those before. */
    private static final double NEW = 0.2;

    /** One batch of so many goes without a guess, until it is known what that takes. */
    private static final int PLAIN_EVERY = 8;

    private static final int PLAIN_ENOUGH = 4;

    /** A gain that is no more than the noise of the times. */
    private static final double LEAST_GAIN = 1.03;

    private static final int MOST_ROWS = 64;

    private final Supplier<Drafter> drafters;
    private final Runnable close;
    private final int most;
    private final Cliffs cliffs;
    private final boolean always;
    private final double[] nanos = new double[MOST_ROWS + 1]; // by rows; 0 where none was seen
    private double draftNanos; // for a token
    private int plain;
    private int steps;
    private long tried;
    private long right;
    private boolean told;

    private Speculator(
            Supplier<Drafter> drafters, Runnable close, int most, Cliffs cliffs, boolean always) {
        this.drafters = drafters;
        this.close = close;
        this.most = most;
        this.cliffs = cliffs;
        this.always = always;
    }

    /**
     * Guesses from earlier places in the text.
     *
     * @param most the most tokens to guess at a time
     * @param cliffs are told where it does not pay
     */
    public static Speculator lookup(int most, Cliffs cliffs) {
        return new Speculator(LookupDrafter::new, () -> {}, most, cliffs, false);
    }

    /** Guesses of a smaller model, which is closed with this. */
    public static Speculator model(DraftModel model, int most, Cliffs cliffs) {
        return new Speculator(model::forText, model::close, most, cliffs, false);
    }

    /** Guesses as many as it may, whether that pays or not. */
    static Speculator always(Supplier<Drafter> drafters, int most) {
        return new Speculator(drafters, () -> {}, most, new Cliffs(), true);
    }

    /** The guesses for one text. */
    Guesses forText() {
        return new Guesses(this, drafters.get());
    }

    /** A batch has taken so long, in which all texts decoded. */
    void took(int rows, long time) {
        if (rows <= MOST_ROWS) {
            nanos[rows] = nanos[rows] == 0 ? time : nanos[rows] + NEW * (time - nanos[rows]);
        }
        plain += rows == 1 ? 1 : 0;
    }

    /** Guessing so many tokens has taken so long. */
    void drafted(int tokens, long time) {
        double each = (double) time / Math.max(1, tokens);
        draftNanos = draftNanos == 0 ? each : draftNanos + NEW * (each - draftNanos);
    }

    /** So many guesses were tried, and so many of them were right. */
    void judged(int guesses, int accepted) {
        tried += guesses;
        right += accepted;
    }

    /** Tokens that were guessed and tried, of all texts. */
    long tried() {
        return tried;
    }

    /** Texts guess no more for a while: it takes longer than it saves. */
    void doesNotPay() {
        if (!told) {
            told = true;
            cliffs.report(
                    PerformanceCliff.SPECULATION,
                    String.format(Locale.ROOT, "%d of %d guessed tokens were right", right, tried));
        }
    }

    /** Whether a batch goes without a guess, to learn what a token takes without. */
    boolean learns(int beside) {
        steps++;
        return !always && beside == 0 && plain < PLAIN_ENOUGH && steps % PLAIN_EVERY == 0;
    }

    /**
     * How many tokens to guess.
     *
     * @param rate how likely a guess is right, from 0 to 1
     * @param beside rows of other texts
     * @param room the most that are of use
     * @return 0 where guessing does not pay
     */
    int depth(double rate, int beside, int room) {
        double alone = nanos(beside + 1);
        if (always || alone == 0) {
            return Math.min(room, most);
        }
        int best = 0;
        double bestGain = LEAST_GAIN;
        double expected = 1;
        double chance = 1;
        for (int depth = 1; depth <= Math.min(room, most); depth++) {
            chance *= rate;
            expected += chance;
            double time = nanos(beside + 1 + depth) + depth * draftNanos;
            double gain = (beside + expected) / (beside + 1) * alone / time;
            if (gain > bestGain) {
                bestGain = gain;
                best = depth;
            }
        }
        return best;
    }

    /**
     * What a batch takes, by those of the nearest number of rows: more rows, if such were seen.
     * What a single row takes is never guessed, since all is compared with it; 0 if it is not
     * known.
     */
    private double nanos(int rows) {
        if (rows == 1) {
            return nanos[1];
        }
        for (int more = Math.min(rows, MOST_ROWS); more <= MOST_ROWS; more++) {
            if (nanos[more] > 0) {
                return nanos[more];
            }
        }
        return Arrays.stream(nanos).max().orElse(0);
    }

    @Override
    public void close() {
        close.run();
    }
}
