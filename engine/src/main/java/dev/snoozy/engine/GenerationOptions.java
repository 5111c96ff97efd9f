package dev.snoozy.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a generation may do. Immutable.
 *
 * @param maxTokens the most tokens to generate, 1 or more; {@link #UNLIMITED} until the context is
 *     full
 * @param sampling how tokens are chosen
 * @param stop texts that end the generation; they are not part of the result. Found also across
 *     token borders. At most 64, none empty, of whole characters
 * @param priority how urgent it is; has no influence on the result
 * @param constraint what the text must look like
 */
public record GenerationOptions(
        int maxTokens,
        SamplingOptions sampling,
        List<String> stop,
        Priority priority,
        Optional<OutputConstraint> constraint) {
    /** For {@link #maxTokens()}: as many as fit into the context. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int MOST_STOPS = 64;

    public GenerationOptions {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens: expected 1 or more, found " + maxTokens);
        }
        stop = List.copyOf(stop);
        if (stop.size() > MOST_STOPS) {
            throw new IllegalArgumentException(
                    "stop: expected at most " + MOST_STOPS + " texts, found " + stop.size());
        }
        if (stop.contains("")) {
            throw new IllegalArgumentException("stop: an empty text would stop at once");
        }
        if (stop.stream().flatMapToInt(String::codePoints).anyMatch(GenerationOptions::isHalf)) {
            throw new IllegalArgumentException(
                    "stop: found half a surrogate pair, expected whole characters, as texts have"
                            + " no others");
        }
    }

    /** Options without a constraint. */
    public GenerationOptions(
            int maxTokens, SamplingOptions sampling, List<String> stop, Priority priority) {
        this(maxTokens, sampling, stop, priority, Optional.empty());
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Until the model ends or the context is full, with the default sampling. */
    public static GenerationOptions defaults() {
        return new GenerationOptions(
                UNLIMITED, SamplingOptions.defaults(), List.of(), Priority.NORMAL);
    }

    public GenerationOptions withMaxTokens(int tokens) {
        return new GenerationOptions(tokens, sampling, stop, priority, constraint);
    }

    public GenerationOptions withSampling(SamplingOptions options) {
        return new GenerationOptions(maxTokens, options, stop, priority, constraint);
    }

    public GenerationOptions withStop(String... texts) {
        return new GenerationOptions(maxTokens, sampling, List.of(texts), priority, constraint);
    }

    public GenerationOptions withPriority(Priority urgency) {
        return new GenerationOptions(maxTokens, sampling, stop, urgency, constraint);
    }

    /** The same with a constraint on the text. */
    public GenerationOptions withConstraint(OutputConstraint output) {
        return new GenerationOptions(maxTokens, sampling, stop, priority, Optional.of(output));
    }

    /** The same with free text. */
    public GenerationOptions withoutConstraint() {
        return new GenerationOptions(maxTokens, sampling, stop, priority, Optional.empty());
    }
}
