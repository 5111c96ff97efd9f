package dev.snoozy.engine;

import java.util.List;

/**
 * A token of a text, and what else might have stood in its place. Immutable.
 *
 * @param token its id
 * @param logprob natural logarithm of its probability, from the model's own scores before any
 *     sampler
 * @param alternatives the likeliest tokens in its place, likeliest first, as many as were asked for
 */
public record TokenChoice(int token, float logprob, List<Alternative> alternatives) {
    /**
     * A token that might have come.
     *
     * @param token its id
     * @param logprob natural logarithm of its probability
     */
    public record Alternative(int token, float logprob) {}

    public TokenChoice {
        alternatives = List.copyOf(alternatives);
    }
}
