package dev.snoozy.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a model wrote, and how. Immutable.
 *
 * @param text what was generated, without the stop text that ended it
 * @param promptTokens ids of the prompt, with what the model expects around it
 * @param promptChoices the tokens of the prompt after the first one, with their probabilities, if
 *     they were asked for ({@link GenerationOptions#promptLogprobs})
 * @param choices the tokens that were generated, without the one that ended the text
 * @param finishReason why it ended
 * @param stopText the stop text that ended it, if one did
 * @param shifted whether earlier tokens were dropped on the way because the context was full
 * @param usage counts of tokens
 * @param timings how long it took
 * @param seed what the sampler started from; the same seed gives the same text again
 */
public record Generation(
        String text,
        List<Integer> promptTokens,
        List<TokenChoice> promptChoices,
        List<TokenChoice> choices,
        FinishReason finishReason,
        Optional<String> stopText,
        boolean shifted,
        TokenUsage usage,
        Timings timings,
        long seed) {
    public Generation {
        promptTokens = List.copyOf(promptTokens);
        promptChoices = List.copyOf(promptChoices);
        choices = List.copyOf(choices);
    }

    /** Ids that were generated, without the one that ended the text. */
    public List<Integer> tokens() {
        return choices.stream().map(TokenChoice::token).toList();
    }

    /** Natural logarithm of each generated token's probability, before any sampler. */
    public List<Float> logprobs() {
        return choices.stream().map(TokenChoice::logprob).toList();
    }
}
