package dev.snoozy.engine.sample;

/** Logarithms of probabilities from raw scores. */
public final class Logprobs {
    private Logprobs() {}

    /**
     * The natural logarithm of a token's probability, summed in F64; negative infinity for one that
     * cannot come.
     *
     * @param logits {@code [vocabulary]}
     * @throws IllegalArgumentException if they are not the scores of a distribution: one is NaN or
     *     positive infinity, or all are negative infinity
     */
    public static float of(float[] logits, int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        if (!Double.isFinite(max)) {
            throw new IllegalArgumentException(
                    "scores: expected a finite largest one, found " + max);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return (float) (logits[token] - max - Math.log(sum));
    }
}
