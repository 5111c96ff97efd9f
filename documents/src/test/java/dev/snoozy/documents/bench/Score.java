package dev.snoozy.documents.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** At which rank each question found its answer, and what follows from it. */
final class Score {
    private final String name;
    private final List<Integer> ranks = new ArrayList<>();

    /** Whether the answer is among the first passages that have so many characters together. */
    private final List<Boolean> withinCharacters = new ArrayList<>();

    private final int characters;

    Score(String name, int characters) {
        this.name = name;
        this.characters = characters;
    }

    /**
     * Adds a question.
     *
     * @param answers whether each passage found is one that answers, the best first
     * @param lengths of the passages, in characters
     */
    void add(List<Boolean> answers, List<Integer> lengths) {
        int rank = answers.indexOf(true);
        ranks.add(rank < 0 ? 0 : rank + 1);
        int sum = 0;
        for (int i = 0; i < answers.size() && i < rank; i++) {
            sum += lengths.get(i);
        }
        withinCharacters.add(rank >= 0 && sum < characters);
    }

    double recall(int k) {
        return ranks.stream().filter(r -> r > 0 && r <= k).count() / (double) ranks.size();
    }

    double reciprocalRank() {
        return ranks.stream().mapToDouble(r -> r == 0 ? 0 : 1.0 / r).sum() / ranks.size();
    }

    double recallWithinCharacters() {
        return withinCharacters.stream().filter(b -> b).count() / (double) withinCharacters.size();
    }

    /**
     * How likely it is that chance alone makes one as much better at its k than another at its own:
     * the sign test over questions that only one of them answers, two-sided.
     */
    static double chance(Score one, int k, Score other, int otherK) {
        int wins = 0;
        int losses = 0;
        for (int i = 0; i < one.ranks.size(); i++) {
            boolean first = one.ranks.get(i) > 0 && one.ranks.get(i) <= k;
            boolean second = other.ranks.get(i) > 0 && other.ranks.get(i) <= otherK;
            wins += first && !second ? 1 : 0;
            losses += second && !first ? 1 : 0;
        }
        int n = wins + losses;
        double sum = 0;
        double term = Math.pow(0.5, n);
        for (int i = 0; i <= n && term > 0; i++) {
            if (i >= Math.max(wins, losses)) {
                sum += term;
            }
            term = term * (n - i) / (i + 1);
        }
        return n > 1000 ? Double.NaN : Math.min(1, 2 * sum);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f | %.3f | %.3f |",
                name,
                recall(1),
                recall(3),
                recall(5),
                reciprocalRank(),
                recallWithinCharacters());
    }
}
