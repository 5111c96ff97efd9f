package dev.snoozy.engine.sample;

/** Logarithms of probabilities from raw scores. */
public final class Logprobs {
    private Logprobs() {}

    /** The natural logarithm of a token's probability, summed in F64. */
    public static float of(float[] logits, int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return (float) (logits[token] - max - Math.log(sum));
    }
}
