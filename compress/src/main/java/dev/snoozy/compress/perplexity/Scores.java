package dev.snoozy.compress.perplexity;

/** A model's scores of the next token, before any soft-max, and what follows from them. */
final class Scores {
    private final float[] logits;
    private final int best;
    private final double logSum;

    Scores(float[] logits) {
        this.logits = logits;
        int top = 0;
        for (int i = 1; i < logits.length; i++) {
            top = logits[i] > logits[top] ? i : top;
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - logits[top]);
        }
        best = top;
        logSum = logits[top] + Math.log(sum);
    }

    /** The token with the highest score, the first of several. */
    int best() {
        return best;
    }

    /** The logarithm of a token's probability. */
    double logProbability(int token) {
        return logits[token] - logSum;
    }

    /** The probabilities' logarithms. */
    float[] logProbabilities() {
        float[] all = new float[logits.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) logProbability(i);
        }
        return all;
    }

    float[] logits() {
        return logits;
    }

    /** The logarithm of the sum of the exponentials of all scores. */
    double logSum() {
        return logSum;
    }
}
