package dev.snoozy.springai;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.ToolChoice;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.tool.ToolCallback;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a request to a {@link SnoozyChatModel} may ask for: the portable options, tools, a JSON
 * Schema for the answer, and what only this engine has. What is null is as the engine's defaults
 * have it; numbers are checked when the request is made. Immutable.
 */
public final class SnoozyChatOptions extends DefaultToolCallingChatOptions
        implements StructuredOutputChatOptions {
    private final Own own;

    /** The options that Spring AI's own class does not have. */
    private record Own(
            @Nullable Long seed,
            @Nullable Double minP,
            @Nullable Double repeatPenalty,
            @Nullable String outputSchema,
            @Nullable OutputConstraint constraint,
            @Nullable ContextPolicy contextPolicy,
            @Nullable ToolChoice toolChoice,
            @Nullable Boolean parallelToolCalls,
            @Nullable Map<String, Object> templateVariables) {
        Own {
            templateVariables = templateVariables == null ? null : Map.copyOf(templateVariables);
        }
    }

    private SnoozyChatOptions(
            @Nullable List<ToolCallback> toolCallbacks,
            @Nullable Map<String, Object> toolContext,
            @Nullable String model,
            @Nullable Double frequencyPenalty,
            @Nullable Integer maxTokens,
            @Nullable Double presencePenalty,
            @Nullable List<String> stopSequences,
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            Own own) {
        super(
                toolCallbacks,
                toolContext,
                model,
                frequencyPenalty,
                maxTokens,
                presencePenalty,
                stopSequences,
                temperature,
                topK,
                topP);
        this.own = own;
    }

    /** A builder without any option set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Options of any kind as these: what a request may carry. */
    static SnoozyChatOptions of(ChatOptions options) {
        return options instanceof SnoozyChatOptions already
                ? already
                : builder().combineWith(options.mutate()).build();
    }

    /** What the random numbers start from; the same seed gives the same text. */
    public @Nullable Long getSeed() {
        return own.seed;
    }

    /** Tokens less likely than this share of the likeliest are dropped; 0 to 1. */
    public @Nullable Double getMinP() {
        return own.minP;
    }

    /** Scores of recent tokens are divided by it; more than 0, 1 is off. */
    public @Nullable Double getRepeatPenalty() {
        return own.repeatPenalty;
    }

    /** The JSON Schema that the answer must fulfil; it can be nothing else. */
    @Override
    public @Nullable String getOutputSchema() {
        return own.outputSchema;
    }

    /** What the answer must look like: any grammar. Not beside an output schema. */
    public @Nullable OutputConstraint getConstraint() {
        return own.constraint;
    }

    /** What becomes of a conversation that is too long. */
    public @Nullable ContextPolicy getContextPolicy() {
        return own.contextPolicy;
    }

    /**
     * Whether the model may, must or must not call tools. A call can be forced once in a turn: when
     * the last message is the result of a tool, the model decides, or who executes calls in a loop
     * would never come to an end.
     */
    public @Nullable ToolChoice getToolChoice() {
        return own.toolChoice;
    }

    /** Whether the model may call several tools at once; by default it may. */
    public @Nullable Boolean getParallelToolCalls() {
        return own.parallelToolCalls;
    }

    /** Variables for the chat template beside the usual ones, such as {@code enable_thinking}. */
    public @Nullable Map<String, Object> getTemplateVariables() {
        return own.templateVariables;
    }

    @Override
    public Builder mutate() {
        Builder builder = new Builder();
        builder.model(getModel())
                .frequencyPenalty(getFrequencyPenalty())
                .maxTokens(getMaxTokens())
                .presencePenalty(getPresencePenalty())
                .stopSequences(getStopSequences())
                .temperature(getTemperature())
                .topK(getTopK())
                .topP(getTopP())
                .toolCallbacks(getToolCallbacks())
                .toolContext(getToolContext());
        return builder.with(own);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SnoozyChatOptions that
                && own.equals(that.own);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), own);
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
            implements StructuredOutputChatOptions.Builder<Builder> {
        private @Nullable Long seed;
        private @Nullable Double minP;
        private @Nullable Double repeatPenalty;
        private @Nullable String outputSchema;
        private @Nullable OutputConstraint constraint;
        private @Nullable ContextPolicy contextPolicy;
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable Map<String, Object> templateVariables;

        private Builder() {}

        /** These options, and others where they are set. */
        private Builder with(Own other) {
            seed = other.seed == null ? seed : other.seed;
            minP = other.minP == null ? minP : other.minP;
            repeatPenalty = other.repeatPenalty == null ? repeatPenalty : other.repeatPenalty;
            outputSchema = other.outputSchema == null ? outputSchema : other.outputSchema;
            constraint = other.constraint == null ? constraint : other.constraint;
            contextPolicy = other.contextPolicy == null ? contextPolicy : other.contextPolicy;
            toolChoice = other.toolChoice == null ? toolChoice : other.toolChoice;
            parallelToolCalls =
                    other.parallelToolCalls == null ? parallelToolCalls : other.parallelToolCalls;
            templateVariables =
                    other.templateVariables == null ? templateVariables : other.templateVariables;
            return this;
        }

        /** See {@link SnoozyChatOptions#getSeed}. */
        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getMinP}. */
        public Builder minP(@Nullable Double value) {
            minP = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getRepeatPenalty}. */
        public Builder repeatPenalty(@Nullable Double value) {
            repeatPenalty = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getOutputSchema}. */
        @Override
        public Builder outputSchema(@Nullable String value) {
            outputSchema = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getConstraint}. */
        public Builder constraint(@Nullable OutputConstraint value) {
            constraint = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getContextPolicy}. */
        public Builder contextPolicy(@Nullable ContextPolicy value) {
            contextPolicy = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getToolChoice}. */
        public Builder toolChoice(@Nullable ToolChoice value) {
            toolChoice = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getParallelToolCalls}. */
        public Builder parallelToolCalls(@Nullable Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        /** See {@link SnoozyChatOptions#getTemplateVariables}. */
        public Builder templateVariables(@Nullable Map<String, Object> value) {
            templateVariables = value;
            return this;
        }

        @Override
        public Builder combineWith(ChatOptions.Builder<?> other) {
            super.combineWith(other);
            ChatOptions options = other.build();
            if (options instanceof SnoozyChatOptions ours) {
                return with(ours.own);
            }
            if (options instanceof StructuredOutputChatOptions structured
                    && structured.getOutputSchema() != null) {
                outputSchema = structured.getOutputSchema();
            }
            return this;
        }

        @Override
        public SnoozyChatOptions build() {
            return new SnoozyChatOptions(
                    toolCallbacks,
                    toolContext,
                    model,
                    frequencyPenalty,
                    maxTokens,
                    presencePenalty,
                    stopSequences,
                    temperature,
                    topK,
                    topP,
                    new Own(
                            seed,
                            minP,
                            repeatPenalty,
                            outputSchema,
                            constraint,
                            contextPolicy,
                            toolChoice,
                            parallelToolCalls,
                            templateVariables));
        }
    }
}
