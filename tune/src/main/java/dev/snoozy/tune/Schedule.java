package dev.snoozy.tune;

/** How the learning rate goes after the warm-up. */
public enum Schedule {
    /** It stays. */
    CONSTANT,
    /** Half a cosine down to a tenth. */
    COSINE;

    private static final double LOWEST = 0.1;

    /**
     * The rate of a step.
     *
     * @param step from 0
     * @param warmup steps in which the rate rises from near 0
     * @param steps in all
     */
    double rate(double rate, int step, int warmup, int steps) {
        if (step < warmup) {
            return rate * (step + 1) / warmup;
        }
        if (this == CONSTANT || steps <= warmup) {
            return rate;
        }
        double part = (double) (step - warmup) / (steps - warmup);
        double lowest = LOWEST * rate;
        return lowest + (rate - lowest) / 2 * (1 + Math.cos(Math.PI * part));
    }
}
