package dev.snoozy.eval;

import java.util.List;

/**
 * What a model came to.
 *
 * @param model its name
 * @param sha256 digest of its file
 * @param profile the protocol
 * @param begins whether the model's beginning token stood before every text
 * @param tasks in the order of the table
 */
public record ModelResult(
        String model, String sha256, Profile profile, boolean begins, List<TaskResult> tasks) {
    public ModelResult {
        tasks = List.copyOf(tasks);
    }

    /** The mean of the published figures, as in the GPT4All table. */
    public double average() {
        return tasks.stream().mapToDouble(t -> t.published().value()).average().orElse(Double.NaN);
    }

    /** The standard error of that, the tasks being independent. */
    public double averageError() {
        double squares = tasks.stream().mapToDouble(t -> Math.pow(t.published().error(), 2)).sum();
        return Math.sqrt(squares) / tasks.size();
    }
}
