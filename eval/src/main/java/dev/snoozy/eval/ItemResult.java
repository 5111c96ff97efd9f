package dev.snoozy.eval;

import java.util.List;

/**
 * How a model judged an item.
 *
 * @param index the item's position in the whole set
 * @param gold the right answer's position
 * @param scores of the answers: sums of log-probabilities, or means by the profile llama.cpp
 * @param normalised the same divided by the answers' characters
 * @param tokens of the answers that were scored
 * @param greedy whether the model would have written the answer itself
 * @param truncated whether the context had no room for all of the text
 * @param naive tokens that evaluating each answer alone takes
 * @param evaluated tokens that were evaluated
 */
public record ItemResult(
        int index,
        int gold,
        List<Double> scores,
        List<Double> normalised,
        List<Integer> tokens,
        List<Boolean> greedy,
        boolean truncated,
        int naive,
        int evaluated) {
    public ItemResult {
        scores = List.copyOf(scores);
        normalised = List.copyOf(normalised);
        tokens = List.copyOf(tokens);
        greedy = List.copyOf(greedy);
    }

    /** The answer with the best score, the first of equals. */
    public int choice() {
        return best(scores);
    }

    /** The answer with the best score by its length, the first of equals. */
    public int normalisedChoice() {
        return best(normalised);
    }

    /** Whether the answer is right. */
    public boolean isRight(boolean byLength) {
        return (byLength ? normalisedChoice() : choice()) == gold;
    }

    private static int best(List<Double> values) {
        int best = 0;
        for (int i = 1; i < values.size(); i++) {
            best = values.get(i) > values.get(best) ? i : best;
        }
        return best;
    }
}
