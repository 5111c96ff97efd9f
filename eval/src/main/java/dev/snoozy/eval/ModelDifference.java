package dev.snoozy.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.ArrayList;
import java.util.List;

/**
 * A model against another on the items of a task, as reports have it: by the task's published
 * figure.
 *
 * @param first name of a model
 * @param second name of the other
 * @param task its id, or {@code all}
 * @param items that both have judged
 * @param onlyFirst items on which only the first is right
 * @param onlySecond items on which only the second is
 * @param difference how much more of the items the second gets right, from -1 to 1
 * @param interval half of the 95 % interval of that
 * @param pValue how likely a difference as large is among equal models (McNemar)
 */
public record ModelDifference(
        String first,
        String second,
        String task,
        int items,
        @JsonProperty("only_first") int onlyFirst,
        @JsonProperty("only_second") int onlySecond,
        double difference,
        @JsonProperty("interval_95") double interval,
        @JsonProperty("p_value") double pValue) {
    private static final String ALL = "all";

    /** Task by task, and all items together at the end. */
    public static List<ModelDifference> of(ModelResult first, ModelResult second) {
        List<PairedComparison> pairs = PairedComparison.of(first, second);
        List<ModelDifference> differences = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            String task = second.tasks().get(i).task().id();
            differences.add(of(first, second, task, pairs.get(i)));
        }
        differences.add(of(first, second, ALL, PairedComparison.sum(pairs)));
        return differences;
    }

    private static ModelDifference of(
            ModelResult first, ModelResult second, String task, PairedComparison pair) {
        return new ModelDifference(
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
}
