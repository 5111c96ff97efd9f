package dev.snoozy.engine.sample;

import dev.snoozy.engine.SamplingOptions;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** One step of a chain: changes scores or drops candidates. */
sealed interface Sampler permits Dry, Sampler.Step {
    /** Applies the step. At least one candidate stays. */
    void apply(Candidates candidates, Chance chance);

    /** The steps without state of their own. */
    sealed interface Step extends Sampler {}

    /** Adds to the scores of some tokens. */
    record LogitBias(Map<Integer, Float> bias) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            for (int i = 0; i < c.size(); i++) {
                Float plus = bias.get(c.id(i));
                if (plus == null) {
                    continue;
                }
                if (plus == Float.NEGATIVE_INFINITY) {
                    c.forbid(i);
                } else {
                    c.score(i, (double) c.score(i) + plus);
                }
            }
        }
    }

    /** Repeat, frequency and presence penalties. */
    record Penalties(SamplingOptions options, History history) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            Map<Integer, Integer> counts = new HashMap<>();
            int window = history.window(options.repeatLastN());
            for (int back = 0; back < window; back++) {
                counts.merge(history.last(back), 1, Integer::sum);
            }
            for (int i = 0; i < c.size() && !counts.isEmpty(); i++) {
                Integer count = counts.get(c.id(i));
                if (count != null) {
                    double score = c.score(i);
                    score =
                            score <= 0
                                    ? score * options.repeatPenalty()
                                    : score / options.repeatPenalty();
                    score -=
                            (double) count * options.frequencyPenalty() + options.presencePenalty();
                    c.score(i, score);
                }
            }
        }
    }

    /** The {@code k} likeliest. */
    record TopK(int k) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            c.sortLargest(k);
        }
    }

    /** The tokens whose surprise is nearest to the expected one, up to a mass. */
    record Typical(float mass) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            c.sort();
            c.softmax();
            double entropy = 0;
            for (int i = 0; i < c.size(); i++) {
                double p = c.probability(i);
                entropy -= p == 0 ? 0 : p * Math.log(p);
            }
            Integer[] order = new Integer[c.size()];
            double[] distances = new double[c.size()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
                distances[i] = Math.abs(-Math.log(c.probability(i)) - entropy);
            }
            Arrays.sort(order, Comparator.comparingDouble(i -> distances[i]));
            double sum = 0;
            int count = 0;
            while (count < order.length && sum < mass) {
                sum += c.probability(order[count++]);
            }
            int[] kept = Arrays.stream(order, 0, count).mapToInt(i -> i).sorted().toArray();
            c.keep(kept, count);
        }
    }

    /** The likeliest tokens up to a mass. */
    record TopP(float mass) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            c.sort();
            c.softmax();
            double sum = 0;
            int count = 0;
            while (count < c.size() && sum < mass) {
                sum += c.probability(count++);
            }
            c.keep(count);
        }
    }

    /** The tokens with at least a share of the likeliest one's probability. */
    record MinP(float share) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            c.sort();
            double least = c.score(0) + Math.log(share);
            int count = 1;
            while (count < c.size() && c.score(count) >= least) {
                count++;
            }
            c.keep(count);
        }
    }

    /** Now and then drops all top choices but the last of them. */
    record Xtc(SamplingOptions.Xtc options) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            if (chance.next() >= options.probability() || c.size() < 2) {
                return;
            }
            c.sort();
            c.softmax();
            int above = 0;
            while (above < c.size() && isTop(c.probability(above))) {
                above++;
            }
            if (above >= 2) {
                c.dropFirst(above - 1);
            }
        }

        /** A token that cannot come is no choice, even with the threshold 0. */
        private boolean isTop(double probability) {
            return probability > 0 && probability >= options.threshold();
        }
    }

    /**
     * Divides the scores. Their distances to the largest, in fact: the probabilities are the same,
     * and scores that a tiny temperature makes too large for F32 do not become equal.
     */
    record Temperature(float temperature) implements Step {
        @Override
        public void apply(Candidates c, Chance chance) {
            double largest = c.largest();
            for (int i = 0; i < c.size(); i++) {
                c.score(i, (c.score(i) - largest) / temperature);
            }
        }
    }
}
