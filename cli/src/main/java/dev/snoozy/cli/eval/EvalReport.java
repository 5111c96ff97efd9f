package dev.snoozy.cli.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.eval.ModelDifference;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.TaskFigures;

import java.util.ArrayList;
import java.util.List;

/** What {@code eval --json} prints. Accuracies are parts of 1, differences too. */
record EvalReport(
        String profile,
        @JsonProperty("limit") int limit,
        List<Model> models,
        List<ModelDifference> differences) {

    /**
     * What is known of a model.
     *
     * @param bytes of its file
     * @param seconds that the evaluation took, loading included
     */
    record Row(
            ModelResult result,
            long bytes,
            double seconds,
            String kernels,
            SpotChecks.Result checks) {}

    record Model(
            String model,
            String sha256,
            long bytes,
            @JsonProperty("beginning_token") boolean begins,
            List<TaskFigures> tasks,
            double average,
            @JsonProperty("average_stderr") double averageError,
            double seconds,
            String kernels,
            SpotChecks.Result checks) {}

    static EvalReport of(List<Row> rows, Profile profile, int limit) {
        List<ModelDifference> differences = new ArrayList<>();
        ModelResult first = rows.getFirst().result();
        for (Row row : rows.subList(1, rows.size())) {
            differences.addAll(ModelDifference.of(first, row.result()));
        }
        return new EvalReport(
                profile.id(), limit, rows.stream().map(EvalReport::model).toList(), differences);
    }

    private static Model model(Row row) {
        ModelResult result = row.result();
        return new Model(
                result.model(),
                result.sha256(),
                row.bytes(),
                result.begins(),
                result.tasks().stream().map(TaskFigures::of).toList(),
                result.average(),
                result.averageError(),
                row.seconds(),
                row.kernels(),
                row.checks());
    }
}
