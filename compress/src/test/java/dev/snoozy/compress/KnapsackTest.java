package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.compress.Knapsack.Option;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class KnapsackTest {
    private static final int ROUNDS = 400;

    /** Share of the losses that may be lost to the best choice, over all rounds. */
    private static final double NEAR = 0.01;

    @Test
    void smallCasesComeOutAsWhenAllChoicesAreTried() {
        Random random = new Random(3);
        double found = 0;
        double best = 0;
        int equal = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<List<Option>> items = items(random, 1 + random.nextInt(6), 1 + random.nextInt(5));
            long least = Knapsack.least(items);
            long budget = least + random.nextInt(60);
            int[] chosen = Knapsack.choose(items, budget);
            assertThat(cost(items, chosen)).as("round %d", round).isLessThanOrEqualTo(budget);
            double optimum = optimum(items, budget, 0);
            double loss = loss(items, chosen);
            assertThat(loss).isGreaterThanOrEqualTo(optimum - 1e-9);
            assertThat(loss).as("round %d", round).isLessThanOrEqualTo(bound(items, optimum));
            found += loss;
            best += optimum;
            equal += loss <= optimum + 1e-9 ? 1 : 0;
        }
        assertThat(found).isLessThan((1 + NEAR) * best);
        assertThat(equal).isGreaterThan(ROUNDS * 9 / 10);
    }

    /** What a choice may lose beside the best one: less than one step of one item. */
    private static double bound(List<List<Option>> items, double optimum) {
        return optimum
                + items.stream()
                        .mapToDouble(
                                item -> item.stream().mapToDouble(Option::loss).max().orElseThrow())
                        .max()
                        .orElseThrow();
    }

    @Test
    void aLargerBudgetNeverGoesUnusedWhereOneChangeFits() {
        Random random = new Random(4);
        List<List<Option>> items = items(random, 40, 6);
        for (long budget = Knapsack.least(items); budget < 3000; budget += 37) {
            int[] chosen = Knapsack.choose(items, budget);
            long left = budget - cost(items, chosen);
            for (int i = 0; i < chosen.length; i++) {
                Option now = items.get(i).get(chosen[i]);
                for (Option other : items.get(i)) {
                    boolean fits = other.cost() - now.cost() <= left;
                    assertThat(fits && other.loss() < now.loss()).isFalse();
                }
            }
        }
    }

    @Test
    void everythingIsTakenIfThereIsRoomAndNothingIfThereIsNone() {
        List<List<Option>> items =
                List.of(
                        List.of(new Option(5, 0), new Option(1, 9), new Option(5, 1)),
                        List.of(new Option(2, 3)));
        assertThat(Knapsack.choose(items, 100)).containsExactly(0, 0);
        assertThat(Knapsack.choose(items, 3)).containsExactly(1, 0);
        assertThatThrownBy(() -> Knapsack.choose(items, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a budget of 3 or more, found 2");
    }

    private static List<List<Option>> items(Random random, int count, int options) {
        List<List<Option>> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Option> item = new ArrayList<>();
            for (int k = 0; k < options; k++) {
                item.add(new Option(1 + random.nextInt(40), 10 * random.nextDouble()));
            }
            items.add(item);
        }
        return items;
    }

    private static long cost(List<List<Option>> items, int[] chosen) {
        long sum = 0;
        for (int i = 0; i < chosen.length; i++) {
            sum += items.get(i).get(chosen[i]).cost();
        }
        return sum;
    }

    private static double loss(List<List<Option>> items, int[] chosen) {
        double sum = 0;
        for (int i = 0; i < chosen.length; i++) {
            sum += items.get(i).get(chosen[i]).loss();
        }
        return sum;
    }

    /** The least loss of the items from one on. */
    private static double optimum(List<List<Option>> items, long budget, int from) {
        if (from == items.size()) {
            return 0;
        }
        double best = Double.POSITIVE_INFINITY;
        for (Option option : items.get(from)) {
            if (option.cost() <= budget) {
                double rest = optimum(items, budget - option.cost(), from + 1);
                best = Math.min(best, option.loss() + rest);
            }
        }
        return best;
    }
}
