package dev.snoozy.eval;

/**
 * What a model says of a continuation.
 *
 * @param sum of the natural logarithms of the probabilities of its tokens
 * @param tokens that were scored
 * @param greedy whether each was the likeliest at its place
 */
record Score(double sum, int tokens, boolean greedy) {}
