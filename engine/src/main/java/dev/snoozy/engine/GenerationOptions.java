package dev.snoozy.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a generation may do. Immutable.
 *
 * @param maxTokens the most tokens to generate; {@link #UNLIMITED} until the context is full; 0
 *     evaluates the prompt only
 * @param sampling how tokens are chosen
 * @param stop texts that end the generation; they are not part of the result. Found also across
 *     token borders. At most 64, none empty, of whole characters
 * @param priority how urgent it is; has no influence on the result
 * @param alternatives how many of the likeliest tokens are reported beside each token, 0 to {@value
 *     #MOST_ALTERNATIVES}
 * @param promptLogprobs whether the probabilities of the prompt's own tokens are reported; the
 *     prompt is then evaluated anew
 * @param controlText whether control tokens appear in the text, by their names
 * @param keepOnShift {@link #NO_SHIFT}, or how many tokens of the prompt stay when the context is
 *     full: half of the others are dropped then, the oldest, and the text goes on. What is kept is
 *     evaluated again, so that nothing is left of the dropped ones
 * @param constraint what the text must look like
 * @param adapters those of the text, in this order; empty for the usual ones of the model
 */
public record GenerationOptions(
        int maxTokens,
        SamplingOptions sampling,
        List<String> stop,
        Priority priority,
        int alternatives,
        boolean promptLogprobs,
        boolean controlText,
        int keepOnShift,
        Optional<OutputConstraint> constraint,
        Optional<List<AdapterUse>> adapters) {
    /** For {@link #maxTokens()}: as many as fit into the context. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** For {@link #keepOnShift()}: a text ends when the context is full. */
    public static final int NO_SHIFT = -1;

    /** The most alternatives of a token that are reported. */
    public static final int MOST_ALTERNATIVES = 100;

    private static final int MOST_STOPS = 64;

    public GenerationOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens: expected 0 or more, found " + maxTokens);
        }
        if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException(
                    "alternatives: expected 0 to " + MOST_ALTERNATIVES + ", found " + alternatives);
        }
        if (keepOnShift < NO_SHIFT) {
            throw new IllegalArgumentException(
                    "keepOnShift: expected -1 (no shift) or more, found " + keepOnShift);
        }
        stop = List.copyOf(stop);
        adapters = adapters.map(List::copyOf);
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

    /** Options of a text with the usual adapters of its model. */
    public GenerationOptions(
            int maxTokens,
            SamplingOptions sampling,
            List<String> stop,
            Priority priority,
            int alternatives,
            boolean promptLogprobs,
            boolean controlText,
            int keepOnShift,
            Optional<OutputConstraint> constraint) {
        this(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                Optional.empty());
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Until the model ends or the context is full, with the default sampling. */
    public static GenerationOptions defaults() {
        return new GenerationOptions(
                UNLIMITED,
                SamplingOptions.defaults(),
                List.of(),
                Priority.NORMAL,
                0,
                false,
                false,
                NO_SHIFT,
                Optional.empty(),
                Optional.empty());
    }

    public GenerationOptions withMaxTokens(int tokens) {
        return new GenerationOptions(
                tokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withSampling(SamplingOptions options) {
        return new GenerationOptions(
                maxTokens,
                options,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withStop(String... texts) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                List.of(texts),
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withPriority(Priority urgency) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                urgency,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withAlternatives(int count) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                count,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withPromptLogprobs(boolean wanted) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                wanted,
                controlText,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withControlText(boolean wanted) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                wanted,
                keepOnShift,
                constraint,
                adapters);
    }

    public GenerationOptions withShift(int keep) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keep,
                constraint,
                adapters);
    }

    /** The same with a constraint on the text. */
    public GenerationOptions withConstraint(OutputConstraint output) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                Optional.of(output),
                adapters);
    }

    /** The same with free text. */
    public GenerationOptions withoutConstraint() {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                Optional.empty(),
                adapters);
    }

    /** The same with adapters, in this order, whatever is usual; none for the bare model. */
    public GenerationOptions withAdapters(AdapterUse... uses) {
        return new GenerationOptions(
                maxTokens,
                sampling,
                stop,
                priority,
                alternatives,
                promptLogprobs,
                controlText,
                keepOnShift,
                constraint,
                Optional.of(List.of(uses)));
    }
}
