package dev.snoozy.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two models on the same items (McNemar 1947): only those count on which one is right and the other
 * wrong.
 *
 * @param items that both have judged
 * @param onlyFirst items on which only the first is right
 * @param onlySecond items on which only the second is
 */
public record PairedComparison(int items, int onlyFirst, int onlySecond) {
    /** Of the normal distribution, for an interval of 95 %. */
    private static final double Z = 1.959963984540054;

    /** With fewer differing items than this the exact test is quick, and the only right one. */
    private static final int EXACT = 1000;

    /** Compares two models that have judged the same tasks, task by task. */
    public static List<PairedComparison> of(ModelResult first, ModelResult second) {
        List<PairedComparison> pairs = new ArrayList<>();
        for (int i = 0; i < first.tasks().size(); i++) {
            pairs.add(of(first.tasks().get(i), second.tasks().get(i)));
        }
        return pairs;
    }

    /** Compares by the figure that is published for the task. */
    public static PairedComparison of(TaskResult first, TaskResult second) {
        if (first.task() != second.task() || !first.sha256().equals(second.sha256())) {
            throw new EvalException(
                    "comparison: expected the same items, found those of two files of "
                            + first.task().id()
                            + " and "
                            + second.task().id());
        }
        boolean byLength = first.task().normalised();
        Map<Integer, Boolean> right = new HashMap<>();
        first.items().forEach(item -> right.put(item.index(), item.isRight(byLength)));
        int items = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        for (ItemResult item : second.items()) {
            Boolean ofFirst = right.get(item.index());
            if (ofFirst != null) {
                boolean ofSecond = item.isRight(byLength);
                items++;
                onlyFirst += ofFirst && !ofSecond ? 1 : 0;
                onlySecond += !ofFirst && ofSecond ? 1 : 0;
            }
        }
        return new PairedComparison(items, onlyFirst, onlySecond);
    }

    /** All tasks together. */
    public static PairedComparison sum(List<PairedComparison> parts) {
        int items = 0;
        int onlyFirst = 0;
        int onlySecond = 0;
        for (PairedComparison part : parts) {
            items += part.items;
            onlyFirst += part.onlyFirst;
            onlySecond += part.onlySecond;
        }
        return new PairedComparison(items, onlyFirst, onlySecond);
    }

    /** How much more of the items the second gets right, from -1 to 1. */
    public double difference() {
        return (double) (onlySecond - onlyFirst) / items;
    }

    /** Half of the 95 % interval of the difference. */
    public double interval() {
        double n = items;
        double differing = (onlyFirst + onlySecond) / n;
        double variance = (differing - difference() * difference()) / n;
        return Z * Math.sqrt(Math.max(0, variance));
    }

    /**
     * How likely a difference as large is among equal models: by the exact binomial test, or where
     * many items differ, by McNemar's with the correction for continuity.
     */
    public double pValue() {
        int n = onlyFirst + onlySecond;
        int least = Math.min(onlyFirst, onlySecond);
        if (n == 0 || onlyFirst == onlySecond) {
            return 1;
        }
        if (n > EXACT) {
            double chi = (Math.abs(onlyFirst - onlySecond) - 1.0) / Math.sqrt(n);
            return complementaryErrorFunction(chi / Math.sqrt(2));
        }
        double term = -n * Math.log(2); // logarithm of the probability of none
        double sum = Math.exp(term);
        for (int k = 1; k <= least; k++) {
            term += Math.log((double) (n - k + 1) / k);
            sum += Math.exp(term);
        }
        return Math.min(1, 2 * sum);
    }

    /** By Numerical Recipes' Chebyshev fit, to 1.2e-7. */
    private static double complementaryErrorFunction(double x) {
        double t = 1 / (1 + 0.5 * x);
        double[] c = {
            -1.26551223,
            1.00002368,
            0.37409196,
            0.09678418,
            -0.18628806,
            0.27886807,
            -1.13520398,
            1.48851587,
            -0.82215223,
            0.17087277
        };
        double polynomial = c[9];
        for (int i = 8; i >= 0; i--) {
            polynomial = polynomial * t + c[i];
        }
        return t * Math.exp(-x * x + polynomial);
    }
}
