package dev.snoozy.langchain4j;

import static dev.snoozy.langchain4j.Failures.unsupported;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.Priority;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Requests of LangChain4j as the engine's. */
final class ChatRequests {
    private ChatRequests() {}

    /**
     * What the engine is asked.
     *
     * @param withThinking whether earlier thinking goes along
     * @throws dev.langchain4j.exception.UnsupportedFeatureException for what there is not
     * @throws InvalidRequestException for what cannot be, with the reason
     */
    static dev.snoozy.engine.ChatRequest of(ChatRequest request, boolean withThinking) {
        List<dev.snoozy.engine.ChatMessage> messages =
                Messages.of(request.messages(), withThinking);
        ChatRequestParameters asked = request.parameters();
        asked.toolSpecifications().forEach(tool -> checkStrict(tool, asked));
        return Failures.ofRequest(() -> of(messages, asked, own(asked)));
    }

    private static dev.snoozy.engine.ChatRequest of(
            List<dev.snoozy.engine.ChatMessage> messages,
            ChatRequestParameters asked,
            SnoozyChatRequestParameters own) {
        return dev.snoozy.engine.ChatRequest.of(messages)
                .withOptions(options(asked, own))
                .withTools(
                        asked.toolSpecifications().stream().map(Schemas::tool).toList(),
                        choice(asked.toolChoice()),
                        Objects.requireNonNullElse(own.parallelToolCalls(), true))
                .withContextPolicy(
                        Objects.requireNonNullElse(own.contextPolicy(), ContextPolicy.REFUSE))
                .withTemplateVariables(
                        Objects.requireNonNullElse(own.templateVariables(), Map.of()));
    }

    private static SnoozyChatRequestParameters own(ChatRequestParameters parameters) {
        return parameters instanceof SnoozyChatRequestParameters own
                ? own
                : SnoozyChatRequestParameters.builder().build();
    }

    /** Free calls of tools follow no grammar; forced ones, and those beside a form, always do. */
    private static void checkStrict(ToolSpecification tool, ChatRequestParameters asked) {
        boolean free =
                asked.toolChoice() != dev.langchain4j.model.chat.request.ToolChoice.REQUIRED
                        && Schemas.isText(asked.responseFormat());
        if (Boolean.TRUE.equals(tool.strict()) && free) {
            throw unsupported(
                    "strict of tool " + tool.name() + ", where calls are not forced, is",
                    "ToolChoice.REQUIRED or a JSON response format, with which calls always follow"
                            + " their schema");
        }
    }

    private static ToolChoice choice(
            dev.langchain4j.model.chat.request.@Nullable ToolChoice choice) {
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        return switch (choice) {
            case AUTO -> ToolChoice.AUTO;
            case REQUIRED -> ToolChoice.REQUIRED;
            case NONE -> ToolChoice.NONE;
        };
    }

    private static GenerationOptions options(
            ChatRequestParameters asked, SnoozyChatRequestParameters own) {
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withSampling(sampling(asked, own))
                        .withStop(asked.stopSequences().toArray(String[]::new))
                        .withPriority(Objects.requireNonNullElse(own.priority(), Priority.NORMAL));
        if (asked.maxOutputTokens() != null) {
            options = options.withMaxTokens(asked.maxOutputTokens());
        }
        Optional<OutputConstraint> constraint = constraint(asked, own);
        return constraint.isPresent() ? options.withConstraint(constraint.get()) : options;
    }

    private static Optional<OutputConstraint> constraint(
            ChatRequestParameters asked, SnoozyChatRequestParameters own) {
        Optional<Grammar> format = Schemas.grammar(asked.responseFormat());
        OutputConstraint constraint = own.constraint();
        if (constraint == null) {
            return format.map(OutputConstraint::of);
        }
        if (format.isPresent()) {
            throw new InvalidRequestException(
                    "expected either a responseFormat or a constraint, found both");
        }
        return Optional.of(constraint);
    }

    private static SamplingOptions sampling(
            ChatRequestParameters asked, SnoozyChatRequestParameters own) {
        SamplingOptions base =
                Objects.requireNonNullElseGet(own.sampling(), SamplingOptions::defaults);
        SamplingOptions.Builder builder = base.toBuilder();
        if (asked.temperature() != null) {
            builder.temperature(asked.temperature().floatValue());
        }
        if (asked.topP() != null) {
            builder.topP(asked.topP().floatValue());
        }
        if (asked.topK() != null) {
            builder.topK(asked.topK());
        }
        if (asked.frequencyPenalty() != null) {
            builder.frequencyPenalty(asked.frequencyPenalty().floatValue());
        }
        if (asked.presencePenalty() != null) {
            builder.presencePenalty(asked.presencePenalty().floatValue());
        }
        Double minP = own.minP();
        if (minP != null) {
            builder.minP(minP.floatValue());
        }
        Double repeatPenalty = own.repeatPenalty();
        if (repeatPenalty != null) {
            builder.repeatPenalty(repeatPenalty.floatValue());
        }
        Long seed = own.seed();
        if (seed != null) {
            builder.seed(seed);
        }
        return builder.build();
    }
}
