package dev.snoozy.engine.sample;

import dev.snoozy.engine.TokenChoice;

import java.util.ArrayList;
import java.util.List;

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
        double max = max(logits);
        return (float) (logits[token] - max - logSum(logits, max));
    }

    /**
     * A token with its probability, and the likeliest ones; of equal ones those with lower ids.
     *
     * @param logits {@code [vocabulary]}
     * @param alternatives how many of the likeliest
     * @throws IllegalArgumentException as {@link #of}
     */
    public static TokenChoice choice(float[] logits, int token, int alternatives) {
        double max = max(logits);
        double logSum = logSum(logits, max);
        List<TokenChoice.Alternative> top = new ArrayList<>(alternatives);
        for (int id : largest(logits, Math.min(alternatives, logits.length))) {
            top.add(new TokenChoice.Alternative(id, (float) (logits[id] - max - logSum)));
        }
        return new TokenChoice(token, (float) (logits[token] - max - logSum), top);
    }

    private static double max(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        if (!Double.isFinite(max)) {
            throw new IllegalArgumentException(
                    "scores: expected a finite largest one, found " + max);
        }
        return max;
    }

    /**
     * The logarithm of the sum of {@code e^(logit - max)}; the largest apart, or it would drown.
     */
    private static double logSum(float[] logits, double max) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return Math.log(sum);
    }

    /** The ids of the largest scores, largest first, by insertion: few are wanted of many. */
    private static int[] largest(float[] logits, int count) {
        int[] ids = new int[count];
        int found = 0;
        for (int id = 0; id < logits.length && count > 0; id++) {
            if (found == count && !(logits[id] > logits[ids[count - 1]])) {
                continue;
            }
            int place = Math.min(found, count - 1);
            while (place > 0 && logits[id] > logits[ids[place - 1]]) {
                ids[place] = ids[place - 1];
                place--;
            }
            ids[place] = id;
            found = Math.min(found + 1, count);
        }
        return ids;
    }
}
