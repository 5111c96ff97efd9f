package dev.snoozy.tune;

/**
 * The loss of the same texts before and after training, per learnt token.
 *
 * @param gain by how much it fell
 * @param error the standard error of that, with the texts as units: the tokens of one text are not
 *     independent of each other
 */
record Comparison(double before, double after, double gain, double error) {
    static final Comparison NONE = new Comparison(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** Compares; a ratio estimate, since texts have different numbers of tokens. */
    static Comparison of(Learner.Losses before, Learner.Losses after) {
        int texts = before.sums().length;
        int tokens = before.count();
        double gain = (before.sum() - after.sum()) / tokens;
        double squares = 0;
        for (int i = 0; i < texts; i++) {
            double mine = before.sums()[i] - after.sums()[i] - gain * before.counts()[i];
            squares += mine * mine;
        }
        double spread = texts > 1 ? Math.sqrt(squares * texts / (texts - 1.0)) : Double.NaN;
        return new Comparison(before.sum() / tokens, after.sum() / tokens, gain, spread / tokens);
    }
}
