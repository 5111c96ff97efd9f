package dev.snoozy.tune;

import java.util.List;

/**
 * What is trained. Immutable.
 *
 * @param rank of the matrices, 1 to 4096
 * @param alpha the deltas are scaled by {@code alpha / rank}
 * @param rootScale whether by {@code alpha / sqrt(rank)} instead (Kalajdzievski 2023, rsLoRA)
 * @param dropout probability of an element of an adapter's input to be dropped in training, from 0
 *     to below 1
 * @param targets names of matrices of a layer, such as {@code attn_q}, or {@link #ALL}
 * @param dora whether the length of each row of a matrix is trained by itself (Liu et al. 2024,
 *     DoRA)
 */
public record LoraOptions(
        int rank,
        double alpha,
        boolean rootScale,
        double dropout,
        List<String> targets,
        boolean dora) {
    /** Every matrix of a layer. */
    public static final String ALL = "all";

    private static final int MOST_RANK = 4096;

    public LoraOptions {
        targets = List.copyOf(targets);
        if (rank < 1 || rank > MOST_RANK) {
            throw new IllegalArgumentException(
                    "lora rank: expected 1 to " + MOST_RANK + ", found " + rank);
        }
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("lora alpha: expected more than 0, found " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "dropout: expected from 0 to below 1, found " + dropout);
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("lora targets: expected at least one, found none");
        }
    }

    /** Without lengths that are trained. */
    public LoraOptions(
            int rank, double alpha, boolean rootScale, double dropout, List<String> targets) {
        this(rank, alpha, rootScale, dropout, targets, false);
    }

    /** What the deltas are scaled by. */
    double scale() {
        return alpha / (rootScale ? Math.sqrt(rank) : rank);
    }

    /** What an adapter file says of the scale: its readers divide it by the rank. */
    double fileAlpha() {
        return scale() * rank;
    }
}
