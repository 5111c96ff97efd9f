package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.RouterSpec;

/** The choice of experts. */
public final class Router {
    private Router() {}

    /**
     * Chooses the experts of row {@code t} and their weights, largest first.
     *
     * @param scores {@code [rows, experts]}, before soft-max
     * @param chosen {@code [rows, used]}, filled for row t
     * @param weights {@code [rows, used]}, filled for row t
     */
    public static void choose(Rows scores, int t, RouterSpec spec, int[] chosen, float[] weights) {
        int experts = scores.columns();
        int used = spec.used();
        if (used < 1 || used > experts) {
            throw new IllegalArgumentException(
                    "cannot choose " + used + " of " + experts + " experts");
        }
        float[] score = scores.data();
        int at = scores.at(t);
        float max = Float.NEGATIVE_INFINITY;
        for (int e = 0; e < experts; e++) {
            max = Math.max(max, score[at + e]);
        }
        float sum = 0;
        for (int e = 0; e < experts; e++) {
            sum += (float) Math.exp(score[at + e] - max);
        }
        boolean[] taken = new boolean[experts];
        float chosenSum = 0;
        for (int i = t * used; i < (t + 1) * used; i++) {
            int best = -1;
            for (int e = 0; e < experts; e++) {
                if (!taken[e] && (best < 0 || score[at + e] > score[at + best])) {
                    best = e;
                }
            }
            taken[best] = true;
            chosen[i] = best;
            weights[i] = (float) Math.exp(score[at + best] - max) / sum;
            chosenSum += weights[i];
        }
        for (int i = t * used; spec.normalize() && i < (t + 1) * used; i++) {
            weights[i] /= chosenSum;
        }
    }
}
