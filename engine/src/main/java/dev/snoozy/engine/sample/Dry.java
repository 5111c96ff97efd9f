package dev.snoozy.engine.sample;

import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DRY: finds, for each token, the longest text before the end that ends with the present end and
 * was followed by it. The lengths of all matches come from one pass with the Z function over the
 * reversed text (Gusfield 1997), so the cost is linear in the window.
 */
final class Dry implements Sampler {
    private static final int MOST_BREAKER_TOKENS = 20;

    /** Beyond this the penalty overflows any score. */
    private static final float LARGEST_EXPONENT = 60;

    private final SamplingOptions.Dry options;
    private final History history;
    private final List<int[]> breakers = new ArrayList<>();

    Dry(SamplingOptions.Dry options, History history, Tokenizer tokenizer) {
        this.options = options;
        this.history = history;
        for (String breaker : options.breakers()) {
            int[] ids = tokenizer.encode(breaker, false, false);
            breakers.add(Arrays.copyOf(ids, Math.min(ids.length, MOST_BREAKER_TOKENS)));
        }
    }

    @Override
    public void apply(Candidates c, Chance chance) {
        Map<Integer, Integer> lengths = repetitions();
        for (int i = 0; i < c.size() && !lengths.isEmpty(); i++) {
            Integer length = lengths.get(c.id(i));
            if (length != null) {
                float exponent = Math.min(LARGEST_EXPONENT, length - options.allowedLength());
                float penalty = options.multiplier() * (float) Math.pow(options.base(), exponent);
                c.score(i, c.score(i) - penalty);
            }
        }
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

    /** How far back a repetition may reach: to the last breaker, which it does not include. */
    private int reach(int window) {
        int reach = window;
        for (int[] breaker : breakers) {
            for (int end = 0; end < reach && breaker.length > 0; end++) {
                int length = breaker.length;
                boolean found = end + length <= window;
                for (int k = 0; k < length && found; k++) {
                    found = history.last(end + k) == breaker[length - 1 - k];
                }
                if (found) {
                    reach = end;
                }
            }
        }
        return reach;
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
