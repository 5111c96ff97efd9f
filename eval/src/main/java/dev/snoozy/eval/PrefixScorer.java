package dev.snoozy.eval;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scores continuations. What some of them begin with is evaluated once: the texts of an item are a
 * tree, and each of its branches goes on from a fork. Because results do not depend on how tokens
 * are batched, the scores are those of each text alone. Thread-safe.
 */
final class PrefixScorer {
    private final LanguageModel model;
    private final int most;
    private final AtomicLong evaluated = new AtomicLong();

    /**
     * A scorer.
     *
     * @param most the most tokens that are read of a text, from its end
     */
    PrefixScorer(LanguageModel model, int most) {
        this.model = model;
        this.most = most;
    }

    /** Tokens that were evaluated so far. */
    long evaluated() {
        return evaluated.get();
    }

    /** The scores of some continuations, in their order. */
    List<Score> score(List<Continuation> continuations) {
        List<Branch> branches = continuations.stream().map(Branch::new).toList();
        try (Evaluation text = model.evaluation()) {
            descend(text, 0, branches);
        }
        return branches.stream().map(Branch::score).toList();
    }

    /** Evaluates what some texts have in common from a depth on, then each part of them. */
    private void descend(Evaluation text, int depth, List<Branch> branches) {
        int common = common(branches, depth);
        if (common > depth) {
            int[] tokens = branches.getFirst().part(depth, common);
            boolean scored = branches.stream().anyMatch(branch -> branch.isScored(depth, common));
            List<float[]> rows = text.append(tokens, scored);
            evaluated.addAndGet(tokens.length);
            if (scored) {
                read(rows, depth, branches);
            }
        }
        Map<Integer, List<Branch>> parts = new LinkedHashMap<>();
        for (Branch branch : branches) {
            if (branch.length > common) {
                parts.computeIfAbsent(branch.token(common), t -> new ArrayList<>()).add(branch);
            }
        }
        int left = parts.size();
        for (List<Branch> part : parts.values()) {
            left--;
            if (left == 0) {
                descend(text, common, part); // the last needs no copy
            } else {
                try (Evaluation fork = text.fork()) {
                    descend(fork, common, part);
                }
            }
        }
    }

    private static void read(List<float[]> rows, int depth, List<Branch> branches) {
        for (int i = 0; i < rows.size(); i++) {
            float[] row = rows.get(i);
            double total = Double.NaN;
            for (Branch branch : branches) {
                if (branch.isScored(depth + i, depth + i + 1)) {
                    total = Double.isNaN(total) ? logSum(row) : total;
                    branch.read(row, total, depth + i);
                }
            }
        }
    }

    /** The logarithm of the sum of the exponentials. */
    static double logSum(float[] row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : row) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (float score : row) {
            sum += Math.exp(score - (double) largest);
        }
        return largest + Math.log(sum);
    }

    private static int common(List<Branch> branches, int depth) {
        Branch first = branches.getFirst();
        int common = first.length;
        for (Branch branch : branches) {
            int end = Math.min(common, branch.length);
            int place = depth;
            while (place < end && branch.token(place) == first.token(place)) {
                place++;
            }
            common = place;
        }
        return common;
    }

    /** A text, as far as the model reads it, and what has been read of it. */
    private final class Branch {
        private final int[] tokens; // those read, and the last scored one
        private final int length; // tokens read
        private final int first; // the row that scores the first token
        private double sum;
        private boolean greedy = true;

        Branch(Continuation continuation) {
            int dropped = continuation.dropped(most);
            tokens = Arrays.copyOfRange(continuation.tokens(), dropped, continuation.to());
            length = tokens.length - 1;
            first = Math.max(0, continuation.from() - dropped - 1);
        }

        int token(int place) {
            return tokens[place];
        }

        int[] part(int from, int to) {
            return Arrays.copyOfRange(tokens, from, to);
        }

        /** Whether some row of these scores a token. */
        boolean isScored(int from, int to) {
            return first < to && from < length;
        }

        void read(float[] row, double total, int place) {
            int next = tokens[place + 1];
            sum += row[next] - total;
            int best = 0;
            for (int i = 1; i < row.length; i++) {
                best = row[i] > row[best] ? i : best;
            }
            greedy &= best == next;
        }

        Score score() {
            return new Score(sum, length - first, greedy);
        }
    }
}
