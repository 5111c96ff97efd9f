package dev.snoozy.cli.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.PairedComparison;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.Share;
import dev.snoozy.eval.TaskResult;

import java.util.ArrayList;
import java.util.List;

/** What {@code eval --json} prints. Accuracies are parts of 1, differences too. */
record EvalReport(
        String profile,
        @JsonProperty("limit") int limit,
        List<Model> models,
        List<Difference> differences) {

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
            List<Figures> tasks,
            double average,
            @JsonProperty("average_stderr") double averageError,
            double seconds,
            String kernels,
            SpotChecks.Result checks) {}

    record Figures(
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
            @JsonProperty("evaluated_tokens") long evaluatedTokens) {}

    /** The second model against the first, by the published figure of each task. */
    record Difference(
            String first,
            String second,
            String task,
            int items,
            @JsonProperty("only_first") int onlyFirst,
            @JsonProperty("only_second") int onlySecond,
            double difference,
            @JsonProperty("interval_95") double interval,
            @JsonProperty("p_value") double pValue) {}

    static EvalReport of(List<Row> rows, Profile profile, int limit) {
        List<Difference> differences = new ArrayList<>();
        ModelResult first = rows.getFirst().result();
        for (Row row : rows.subList(1, rows.size())) {
            ModelResult second = row.result();
            List<PairedComparison> pairs = pairs(first, second);
            for (int i = 0; i < pairs.size(); i++) {
                String task = second.tasks().get(i).task().id();
                differences.add(difference(first, second, task, pairs.get(i)));
            }
            differences.add(difference(first, second, "all", PairedComparison.sum(pairs)));
        }
        return new EvalReport(
                profile.id(), limit, rows.stream().map(EvalReport::model).toList(), differences);
    }

    /** Task by task. */
    static List<PairedComparison> pairs(ModelResult first, ModelResult second) {
        List<PairedComparison> pairs = new ArrayList<>();
        for (int i = 0; i < first.tasks().size(); i++) {
            pairs.add(PairedComparison.of(first.tasks().get(i), second.tasks().get(i)));
        }
        return pairs;
    }

    private static Difference difference(
            ModelResult first, ModelResult second, String task, PairedComparison pair) {
        return new Difference(
                first.model(),
                second.model(),
                task,
                pair.items(),
                pair.onlyFirst(),
                pair.onlySecond(),
                pair.difference(),
                pair.interval(),
                pair.pValue());
    }

    private static Model model(Row row) {
        ModelResult result = row.result();
        return new Model(
                result.model(),
                result.sha256(),
                row.bytes(),
                result.begins(),
                result.tasks().stream().map(EvalReport::figures).toList(),
                result.average(),
                result.averageError(),
                row.seconds(),
                row.kernels(),
                row.checks());
    }

    private static Figures figures(TaskResult task) {
        Share acc = task.accuracy();
        Share norm = task.normalisedAccuracy();
        return new Figures(
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
