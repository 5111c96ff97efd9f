package dev.snoozy.engine.sample;

import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.HashMap;
import java.util.Map;

/**
 * DRY: finds, for each token, the longest text before the end that ends with the present end and
 * was followed by it. The lengths of all matches come from one pass with the Z function over the
 * reversed text (Gusfield 1997), so the cost is linear in the window. A token in which a breaker
 * would end is never penalized.
 */
final class Dry implements Sampler {
    private final SamplingOptions.Dry options;
    private final History history;
    private final Breakers breakers;
    private int seen;
    private int sinceBreaker;

    Dry(SamplingOptions.Dry options, History history, Vocabulary vocabulary) {
        this.options = options;
        this.history = history;
        breakers = new Breakers(options.breakers(), vocabulary);
    }

    @Override
    public void apply(Candidates c, Chance chance) {
        Map<Integer, Integer> lengths = repetitions();
        for (int i = 0; i < c.size() && !lengths.isEmpty(); i++) {
            Integer length = lengths.get(c.id(i));
            if (length != null && !breakers.wouldEndIn(c.id(i))) {
                c.score(i, c.score(i) - penalty(length));
            }
        }
    }

    /** Finite also where the power is not. */
    private double penalty(int length) {
        double growth = Math.pow(options.base(), length - options.allowedLength());
        return options.multiplier() * Math.min(growth, Float.MAX_VALUE);
    }

    /** For each token that would continue a repetition: the length of the longest one. */
    private Map<Integer, Integer> repetitions() {
        int window = history.window(options.lastN());
        int reach = reach(window);
        Map<Integer, Integer> longest = new HashMap<>();
        if (reach < options.allowedLength()) {
            return longest;
        }
        int[] matches = matches(window);
        // The text that ended at place i (counted from the end) was followed by place i - 1.
        for (int i = 1; i < window; i++) {
            int length = Math.min(matches[i], reach);
            if (length >= options.allowedLength()) {
                longest.merge(history.last(i - 1), length, Math::max);
            }
        }
        return longest;
    }

    /** How far back a repetition may reach: to the last breaker, whose end it does not include. */
    private int reach(int window) {
        for (; seen < history.size(); seen++) {
            sinceBreaker = breakers.add(history.at(seen)) ? 0 : sinceBreaker + 1;
        }
        return Math.min(window, sinceBreaker);
    }

    /** The Z function of the reversed window: how long the text ending at i agrees with the end. */
    private int[] matches(int window) {
        int[] z = new int[window];
        int left = 0;
        int right = 0;
        for (int i = 1; i < window; i++) {
            int length = i < right ? Math.min(right - i, z[i - left]) : 0;
            while (i + length < window && history.last(length) == history.last(i + length)) {
                length++;
            }
            z[i] = length;
            if (i + length > right) {
                left = i;
                right = i + length;
            }
        }
        return z;
    }
}
