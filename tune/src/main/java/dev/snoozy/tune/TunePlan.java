package dev.snoozy.tune;

import java.util.OptionalLong;

/**
 * What training is going to do and to take.
 *
 * @param texts that are learnt
 * @param validationTexts that are measured only
 * @param truncated texts that were cut off at the length
 * @param dropped texts of which nothing to learn was left
 * @param tokens of an epoch
 * @param learnt tokens of an epoch that are predicted
 * @param parameters that are trained
 * @param weights matrices that have an adapter
 * @param steps in all
 * @param firstStep the one to begin with, more than 0 if a run is resumed
 * @param memory bytes that are needed, the weights included
 * @param available bytes that are free, if known
 * @param seconds that the steps take, from the speed of a first evaluation
 * @param form how rows become texts
 */
public record TunePlan(
        int texts,
        int validationTexts,
        int truncated,
        int dropped,
        long tokens,
        long learnt,
        long parameters,
        int weights,
        int steps,
        int firstStep,
        long memory,
        OptionalLong available,
        double seconds,
        String form) {}
