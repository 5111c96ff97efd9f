package dev.snoozy.tune;

/**
 * How adapters are moved along their gradients. Immutable.
 *
 * @param rate the learning rate after the warm-up
 * @param beta1 of the mean of gradients
 * @param beta2 of the mean of their squares
 * @param epsilon that is added to the root of that
 * @param weightDecay decoupled from the gradient
 * @param clip the largest norm of all gradients together; 0 for no bound
 */
public record OptimizerOptions(
        double rate, double beta1, double beta2, double epsilon, double weightDecay, double clip) {
    public OptimizerOptions {
        require(rate > 0 && rate < 10, "learning rate", "above 0 and below 10", rate);
        require(beta1 >= 0 && beta1 < 1, "beta1", "from 0 to below 1", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2", "from 0 to below 1", beta2);
        require(epsilon > 0 && epsilon < 1, "epsilon", "above 0 and below 1", epsilon);
        require(weightDecay >= 0 && weightDecay < 1, "weight decay", "0 to 1", weightDecay);
        require(clip >= 0 && Double.isFinite(clip), "clip", "0 (none) or more", clip);
    }

    private static void require(boolean sound, String what, String expected, double found) {
        if (!sound) {
            throw new IllegalArgumentException(
                    what + ": expected " + expected + ", found " + found);
        }
    }

    /** The usual moments, no decay, gradients clipped at 1. */
    public static OptimizerOptions of(double rate) {
        return new OptimizerOptions(rate, 0.9, 0.999, 1e-8, 0, 1);
    }
}
