package dev.snoozy.compress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses one option of each item so that the sum of losses is small and the sum of costs stays
 * within a budget.
 *
 * <p>The multiple-choice knapsack problem (Sinha and Zoltners 1979). On the lower convex hull of an
 * item's options the loss that a step saves for its cost falls from step to step; taking the steps
 * of all items in that order until one does not fit is what a Lagrange multiplier would choose, and
 * is the best for the budget that it comes to. What is left of the budget is filled by changes of
 * one item or of two at once that fit and save most, until there are none. Deterministic.
 */
final class Knapsack {
    private final List<List<Option>> items;
    private final long budget;
    private final int[] chosen;
    private long cost;

    /**
     * A possibility.
     *
     * @param loss finite
     */
    record Option(long cost, double loss) {}

    /** From one option of an item to a larger one of its hull. */
    private record Step(int item, int from, int to, double saved) {}

    private Knapsack(List<List<Option>> items, long budget) {
        this.items = items;
        this.budget = budget;
        this.chosen = new int[items.size()];
    }

    /** The least that a choice costs. */
    static long least(List<List<Option>> items) {
        return items.stream()
                .mapToLong(item -> item.stream().mapToLong(Option::cost).min().orElseThrow())
                .sum();
    }

    /**
     * Chooses.
     *
     * @param items each with one option or more
     * @param budget not below {@link #least}
     * @return the index of the chosen option of each item
     */
    static int[] choose(List<List<Option>> items, long budget) {
        if (least(items) > budget) {
            throw new IllegalArgumentException(
                    "expected a budget of %d or more, found %d".formatted(least(items), budget));
        }
        Knapsack knapsack = new Knapsack(items, budget);
        knapsack.climb();
        while (knapsack.improve()) {
            // Each time the loss is less.
        }
        return knapsack.chosen;
    }

    private Option at(int item) {
        return items.get(item).get(chosen[item]);
    }

    private void climb() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            List<Integer> hull = hull(items.get(i));
            chosen[i] = hull.getFirst();
            cost += at(i).cost();
            for (int k = 1; k < hull.size(); k++) {
                int from = hull.get(k - 1);
                int to = hull.get(k);
                steps.add(new Step(i, from, to, slope(items.get(i), from, to)));
            }
        }
        steps.sort(Comparator.comparingDouble(Step::saved).reversed()); // stable: items in order
        for (Step step : steps) {
            long more =
                    items.get(step.item).get(step.to).cost()
                            - items.get(step.item).get(step.from).cost();
            if (chosen[step.item] == step.from && cost + more <= budget) {
                chosen[step.item] = step.to;
                cost += more;
            }
        }
    }

    /** The options on the lower convex hull, from the cheapest on; each loses less. */
    private static List<Integer> hull(List<Option> options) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < options.size(); k++) {
            order.add(k);
        }
        order.sort(
                Comparator.comparingLong((Integer k) -> options.get(k).cost())
                        .thenComparingDouble(k -> options.get(k).loss()));
        List<Integer> hull = new ArrayList<>();
        for (int k : order) {
            if (!hull.isEmpty() && options.get(k).loss() >= options.get(hull.getLast()).loss()) {
                continue;
            }
            while (hull.size() > 1) {
                int last = hull.getLast();
                int before = hull.get(hull.size() - 2);
                if (slope(options, before, last) > slope(options, last, k)) {
                    break;
                }
                hull.removeLast();
            }
            hull.add(k);
        }
        return hull;
    }

    /** The loss that is saved for each unit of cost. */
    private static double slope(List<Option> options, int from, int to) {
        Option a = options.get(from);
        Option b = options.get(to);
        return (a.loss() - b.loss()) / (b.cost() - a.cost());
    }

    /** Makes the best change of one item, or of two; whether there was one. */
    private boolean improve() {
        double best = 0;
        int[] change = {};
        for (int i = 0; i < chosen.length; i++) {
            for (int k = 0; k < items.get(i).size(); k++) {
                Option a = items.get(i).get(k);
                double saved = at(i).loss() - a.loss();
                long more = a.cost() - at(i).cost();
                if (saved > best && cost + more <= budget) {
                    best = saved;
                    change = new int[] {i, k};
                }
                if (saved <= best) {
                    continue; // a better change is known, or the other one is who saves
                }
                for (int j = 0; j < chosen.length; j++) {
                    for (int l = 0; j != i && l < items.get(j).size(); l++) {
                        Option b = items.get(j).get(l);
                        double both = saved + at(j).loss() - b.loss();
                        if (both > best && cost + more + b.cost() - at(j).cost() <= budget) {
                            best = both;
                            change = new int[] {i, k, j, l};
                        }
                    }
                }
            }
        }
        if (best <= Math.ulp(loss())) {
            return false; // or two changes could take turns for ever
        }
        for (int n = 0; n < change.length; n += 2) {
            cost -= at(change[n]).cost();
            chosen[change[n]] = change[n + 1];
            cost += at(change[n]).cost();
        }
        return true;
    }

    private double loss() {
        double sum = 0;
        for (int i = 0; i < chosen.length; i++) {
            sum += at(i).loss();
        }
        return sum;
    }
}
