package dev.snoozy.eval;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * How a model is evaluated. Immutable.
 *
 * @param profile the protocol
 * @param model the model's name
 * @param sha256 digest of the model's file
 * @param parallel items in work at the same time, 1 to 64; no result depends on it
 * @param folder where each item's result is kept as it comes, and taken from when the evaluation
 *     goes on; null for nowhere
 */
public record EvalOptions(
        Profile profile, String model, String sha256, int parallel, @Nullable Path folder) {
    private static final int MOST_PARALLEL = 64;

    public EvalOptions {
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException(
                    "parallel: expected 1 to " + MOST_PARALLEL + ", found " + parallel);
        }
    }
}
