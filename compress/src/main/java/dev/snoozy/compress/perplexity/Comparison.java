package dev.snoozy.compress.perplexity;

/**
 * One token by two models.
 *
 * @param nll negative logarithm of its probability by the model that is measured
 * @param baseNll the same by the base
 * @param divergence Kullback and Leibler's, from the base's distribution to the other
 * @param sameTop whether both hold the same token for the most probable
 */
record Comparison(double nll, double baseNll, double divergence, boolean sameTop) {
    /** What is less probable adds nothing to the divergence, as in llama.cpp. */
    private static final float LEAST = -16;

    /**
     * Compares.
     *
     * @param base logarithms of the base's probabilities
     * @param token the one that really came
     */
    static Comparison of(Scores scores, float[] base, int token) {
        double sum = 0;
        int best = 0;
        for (int i = 0; i < base.length; i++) {
            float p = base[i];
            best = p > base[best] ? i : best;
            if (p > LEAST) {
                sum += Math.exp(p) * (p - scores.logProbability(i));
            }
        }
        return new Comparison(
                -scores.logProbability(token), -base[token], sum, best == scores.best());
    }

    /** How much more probable the token became. */
    double deltaP() {
        return Math.exp(-nll) - Math.exp(-baseNll);
    }
}
