package dev.snoozy.engine;

import java.util.List;

/**
 * What a generation may do. Immutable.
 *
 * @param maxTokens the most tokens to generate, 1 or more; {@link #UNLIMITED} until the context is
 *     full
 * @param sampling how tokens are chosen
 * @param stop texts that end the generation; they are not part of the result. Found also across
 *     token borders. At most 64, none empty, of whole characters
 * @param priority how urgent it is; has no influence on the result
 */
public record GenerationOptions(
        int maxTokens, SamplingOptions sampling, List<String> stop, Priority priority) {
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

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Until the model ends or the context is full, with the default sampling. */
    public static GenerationOptions defaults() {
        return new GenerationOptions(
                UNLIMITED, SamplingOptions.defaults(), List.of(), Priority.NORMAL);
    }

    public GenerationOptions withMaxTokens(int tokens) {
        return new GenerationOptions(tokens, sampling, stop, priority);
    }

    public GenerationOptions withSampling(SamplingOptions options) {
        return new GenerationOptions(maxTokens, options, stop, priority);
    }

    public GenerationOptions withStop(String... texts) {
        return new GenerationOptions(maxTokens, sampling, List.of(texts), priority);
    }

    public GenerationOptions withPriority(Priority urgency) {
        return new GenerationOptions(maxTokens, sampling, stop, urgency);
    }
}
