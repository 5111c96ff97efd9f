package dev.snoozy.engine.run;

/** The guesses for one text, batch after batch, and how good they have been. */
final class Guesses implements AutoCloseable {
    /** Until something is known. */
    private static final double FIRST_RATE = 0.7;

    /** Of a guess in the mean of those before. */
    private static final double NEW = 0.1;

    /** Tokens without a guess, once it does not pay; twice as many each time, up to the most. */
    private static final int FIRST_REST = 32;

    private static final int LONGEST_REST = 512;

    private final Speculator speculator;
    private final Drafter drafter;
    private int[] tokens = Drafter.NONE;
    private double rate = FIRST_RATE;
    private int rest; // batches to come without a guess
    private int nextRest = FIRST_REST;

    Guesses(Speculator speculator, Drafter drafter) {
        this.speculator = speculator;
        this.drafter = drafter;
    }

    /** Guesses what comes next, if that can pay. */
    void guess(int[] text, int length, int beside, int room) {
        drop();
        if (room < 1 || speculator.learns(beside)) {
            return;
        }
        if (rest > 0) {
            rest--;
            return;
        }
        int depth = speculator.depth(rate, beside, room);
        if (depth > 0) {
            long begin = System.nanoTime();
            tokens = drafter.guess(text, length, depth);
            if (tokens.length > 0) {
                speculator.drafted(tokens.length, System.nanoTime() - begin);
            }
        } else if (speculator.tried() > 0) {
            speculator.doesNotPay();
            rest = nextRest;
            nextRest = Math.min(2 * nextRest, LONGEST_REST);
            rate = FIRST_RATE; // the text may have changed by then
        }
    }

    /** Forgets what was guessed and not tried. */
    void drop() {
        tokens = Drafter.NONE;
    }

    int count() {
        return tokens.length;
    }

    int token(int i) {
        return tokens[i];
    }

    /** The batch is over, in which so many of the guesses stood, and the first few were right. */
    void judged(int tried, int right) {
        speculator.judged(tried, right);
        for (int i = 0; i < Math.min(tried, right + 1); i++) {
            rate += NEW * ((i < right ? 1 : 0) - rate);
        }
        if (right > 0 && right == tried) {
            nextRest = FIRST_REST;
        }
        drop();
    }

    @Override
    public void close() {
        drafter.close();
    }
}
