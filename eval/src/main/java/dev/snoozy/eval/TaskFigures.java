package dev.snoozy.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The figures of a task as reports have them. Accuracies are parts of 1.
 *
 * @param task its id
 * @param sha256 digest of the task's file
 * @param items that were judged
 * @param acc by the likeliest answer
 * @param accError its standard error
 * @param accNorm by the likeliest answer for its length
 * @param accNormError its standard error
 * @param published {@code acc} or {@code acc_norm}: which of the two is the task's figure
 * @param truncated items that the context had no room for
 * @param naiveTokens that judging each answer alone takes, of items that fit
 * @param evaluatedTokens that were evaluated for these
 */
public record TaskFigures(
        String task,
        @JsonProperty("task_sha256") String sha256,
        int items,
        double acc,
        @JsonProperty("acc_stderr") double accError,
        @JsonProperty("acc_norm") double accNorm,
        @JsonProperty("acc_norm_stderr") double accNormError,
        String published,
        long truncated,
        @JsonProperty("naive_tokens") long naiveTokens,
        @JsonProperty("evaluated_tokens") long evaluatedTokens) {
    /** Those of a result. */
    public static TaskFigures of(TaskResult task) {
        Share acc = task.accuracy();
        Share norm = task.normalisedAccuracy();
        return new TaskFigures(
                task.task().id(),
                task.sha256(),
                task.items().size(),
                acc.value(),
                acc.error(),
                norm.value(),
                norm.error(),
                task.task().normalised() ? "acc_norm" : "acc",
                task.truncated(),
                task.naiveTokens(),
                task.evaluatedTokens());
    }
}
