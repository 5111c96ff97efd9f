package dev.snoozy.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.Priority;
import dev.snoozy.engine.SamplingOptions;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/**
 * The parameters of a request, with those that only Snoozy has. What is null was not set: a
 * request's parameters are completed by those of its model, and these by the engine's own defaults.
 * Immutable.
 */
public final class SnoozyChatRequestParameters extends DefaultChatRequestParameters {
    private final @Nullable SamplingOptions sampling;
    private final @Nullable Long seed;
    private final @Nullable Double minP;
    private final @Nullable Double repeatPenalty;
    private final @Nullable OutputConstraint constraint;
    private final @Nullable Boolean parallelToolCalls;
    private final @Nullable ContextPolicy contextPolicy;
    private final @Nullable Priority priority;
    private final @Nullable Map<String, Object> templateVariables;

    private SnoozyChatRequestParameters(Builder builder) {
        super(builder);
        sampling = builder.sampling;
        seed = builder.seed;
        minP = builder.minP;
        repeatPenalty = builder.repeatPenalty;
        constraint = builder.constraint;
        parallelToolCalls = builder.parallelToolCalls;
        contextPolicy = builder.contextPolicy;
        priority = builder.priority;
        templateVariables = builder.templateVariables;
    }

    /** Nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Samplers that LangChain4j has no names for; the other parameters go over them. */
    public @Nullable SamplingOptions sampling() {
        return sampling;
    }

    /** What the random numbers start from; the same seed gives the same answer. */
    public @Nullable Long seed() {
        return seed;
    }

    /** Tokens less likely than this share of the likeliest are dropped; 0 to 1. */
    public @Nullable Double minP() {
        return minP;
    }

    /** Scores of tokens among the last ones are divided by it; more than 0. */
    public @Nullable Double repeatPenalty() {
        return repeatPenalty;
    }

    /** What the answer must look like, in place of a response format. */
    public @Nullable OutputConstraint constraint() {
        return constraint;
    }

    /** Whether the model may call several tools at once; it may if this is not set. */
    public @Nullable Boolean parallelToolCalls() {
        return parallelToolCalls;
    }

    /** What becomes of a conversation that is too long; it is refused if this is not set. */
    public @Nullable ContextPolicy contextPolicy() {
        return contextPolicy;
    }

    /** How urgent the answer is; has no influence on its text. */
    public @Nullable Priority priority() {
        return priority;
    }

    /**
     * Variables for the chat template beside the usual ones, such as {@code enable_thinking}:
     * strings, numbers, booleans, lists and maps of them.
     */
    public @Nullable Map<String, Object> templateVariables() {
        return templateVariables;
    }

    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
        return builder().overrideWith(this).overrideWith(that).build();
    }

    @Override
    public ChatRequestParameters defaultedBy(ChatRequestParameters that) {
        return builder().overrideWith(that).overrideWith(this).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SnoozyChatRequestParameters that
                && Objects.equals(sampling, that.sampling)
                && Objects.equals(seed, that.seed)
                && Objects.equals(minP, that.minP)
                && Objects.equals(repeatPenalty, that.repeatPenalty)
                && Objects.equals(constraint, that.constraint)
                && Objects.equals(parallelToolCalls, that.parallelToolCalls)
                && contextPolicy == that.contextPolicy
                && priority == that.priority
                && Objects.equals(templateVariables, that.templateVariables);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(),
                sampling,
                seed,
                minP,
                repeatPenalty,
                constraint,
                parallelToolCalls,
                contextPolicy,
                priority,
                templateVariables);
    }

    @Override
    public String toString() {
        return "SnoozyChatRequestParameters{"
                + super.toString()
                + ", sampling="
                + sampling
                + ", seed="
                + seed
                + ", minP="
                + minP
                + ", repeatPenalty="
                + repeatPenalty
                + ", constraint="
                + constraint
                + ", parallelToolCalls="
                + parallelToolCalls
                + ", contextPolicy="
                + contextPolicy
                + ", priority="
                + priority
                + ", templateVariables="
                + templateVariables
                + '}';
    }

    /** Collects parameters; null is "not set". The parameters are described above. */
    public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
        private @Nullable SamplingOptions sampling;
        private @Nullable Long seed;
        private @Nullable Double minP;
        private @Nullable Double repeatPenalty;
        private @Nullable OutputConstraint constraint;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable ContextPolicy contextPolicy;
        private @Nullable Priority priority;
        private @Nullable Map<String, Object> templateVariables;

        private Builder() {}

        /** Takes over what is set there. */
        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof SnoozyChatRequestParameters own) {
                sampling = either(own.sampling, sampling);
                seed = either(own.seed, seed);
                minP = either(own.minP, minP);
                repeatPenalty = either(own.repeatPenalty, repeatPenalty);
                constraint = either(own.constraint, constraint);
                parallelToolCalls = either(own.parallelToolCalls, parallelToolCalls);
                contextPolicy = either(own.contextPolicy, contextPolicy);
                priority = either(own.priority, priority);
                templateVariables = either(own.templateVariables, templateVariables);
            }
            return this;
        }

        private static <T> @Nullable T either(@Nullable T first, @Nullable T otherwise) {
            return first != null ? first : otherwise;
        }

        public Builder sampling(@Nullable SamplingOptions value) {
            sampling = value;
            return this;
        }

        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        public Builder minP(@Nullable Double value) {
            minP = value;
            return this;
        }

        public Builder repeatPenalty(@Nullable Double value) {
            repeatPenalty = value;
            return this;
        }

        public Builder constraint(@Nullable OutputConstraint value) {
            constraint = value;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        public Builder contextPolicy(@Nullable ContextPolicy value) {
            contextPolicy = value;
            return this;
        }

        public Builder priority(@Nullable Priority value) {
            priority = value;
            return this;
        }

        public Builder templateVariables(@Nullable Map<String, Object> values) {
            templateVariables = values == null ? null : Map.copyOf(values);
            return this;
        }

        @Override
        public SnoozyChatRequestParameters build() {
            return new SnoozyChatRequestParameters(this);
        }
    }
}
