package dev.snoozy.engine;

import java.util.List;

/**
 * What a model wrote, and how. Immutable.
 *
 * @param text what was generated, without the stop text that ended it
 * @param promptTokens ids of the prompt, with what the model expects around it
 * @param tokens ids that were generated, without the one that ended the text
 * @param logprobs natural logarithm of each generated token's probability, from the model's own
 *     scores before any sampler
 * @param finishReason why it ended
 * @param usage counts of tokens
 * @param timings how long it took
 * @param seed what the sampler started from; the same seed gives the same text again
 */
public record Generation(
        String text,
        List<Integer> promptTokens,
        List<Integer> tokens,
        List<Float> logprobs,
        FinishReason finishReason,
        TokenUsage usage,
        Timings timings,
        long seed) {
    public Generation {
        promptTokens = List.copyOf(promptTokens);
        tokens = List.copyOf(tokens);
        logprobs = List.copyOf(logprobs);
    }
}
