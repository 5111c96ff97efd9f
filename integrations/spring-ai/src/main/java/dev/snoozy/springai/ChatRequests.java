package dev.snoozy.springai;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.Role;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.chat.ToolDefinition;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.tool.ToolCallback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Prompts of Spring AI as requests to the engine. Thread-safe. */
final class ChatRequests {
    private final GrammarCache grammars = new GrammarCache();

    /**
     * The request of a prompt.
     *
     * @throws IllegalArgumentException if an option or a message is none that the engine knows
     */
    ChatRequest of(Prompt prompt, SnoozyChatOptions options) {
        List<ChatMessage> messages = new ArrayList<>();
        prompt.getInstructions().forEach(message -> add(messages, message));
        ChatRequest request =
                ChatRequest.of(messages)
                        .withOptions(generation(options))
                        .withTools(
                                tools(options),
                                toolChoice(options, messages),
                                !Boolean.FALSE.equals(options.getParallelToolCalls()));
        if (options.getContextPolicy() != null) {
            request = request.withContextPolicy(options.getContextPolicy());
        }
        Map<String, Object> variables = options.getTemplateVariables();
        return variables == null ? request : request.withTemplateVariables(variables);
    }

    private static void add(List<ChatMessage> messages, Message message) {
        if (message instanceof MediaContent content && !content.getMedia().isEmpty()) {
            throw new IllegalArgumentException(
                    "media: expected messages of text alone, found "
                            + content.getMedia().size()
                            + " pictures or sounds, which no model of this version reads");
        }
        String text = message.getText() == null ? "" : message.getText();
        switch (message.getMessageType()) {
            case SYSTEM -> {
                // Advisors put an empty one where there is none.
                if (!text.isEmpty()) {
                    messages.add(ChatMessage.system(text));
                }
            }
            case USER -> messages.add(ChatMessage.user(text));
            case ASSISTANT -> messages.add(assistant(message, text));
            case TOOL -> {
                if (!(message instanceof ToolResponseMessage results)) {
                    throw new IllegalArgumentException(
                            "messages: expected a ToolResponseMessage of a tool, found "
                                    + message.getClass().getName());
                }
                for (ToolResponseMessage.ToolResponse result : results.getResponses()) {
                    ToolCall call = new ToolCall(result.id(), result.name(), "");
                    messages.add(ChatMessage.tool(call, result.responseData()));
                }
            }
        }
    }

    private static ChatMessage assistant(Message message, String text) {
        List<ToolCall> calls =
                message instanceof AssistantMessage answer
                        ? answer.getToolCalls().stream()
                                .map(c -> new ToolCall(c.id(), c.name(), c.arguments()))
                                .toList()
                        : List.of();
        Object reasoning = message.getMetadata().get(Answer.REASONING);
        return new ChatMessage(
                Role.ASSISTANT,
                text,
                reasoning instanceof String thought ? thought : "",
                calls,
                "",
                "");
    }

    private static List<ToolDefinition> tools(SnoozyChatOptions options) {
        List<ToolCallback> callbacks = options.getToolCallbacks();
        return callbacks == null
                ? List.of()
                : callbacks.stream()
                        .map(ToolCallback::getToolDefinition)
                        .map(t -> new ToolDefinition(t.name(), t.description(), t.inputSchema()))
                        .toList();
    }

    /** A call is forced once in a turn; see {@link SnoozyChatOptions#getToolChoice}. */
    private static ToolChoice toolChoice(SnoozyChatOptions options, List<ChatMessage> messages) {
        ToolChoice choice = options.getToolChoice();
        if (choice == null) {
            return ToolChoice.AUTO;
        }
        boolean answered = !messages.isEmpty() && messages.getLast().role() == Role.TOOL;
        return answered && !(choice instanceof ToolChoice.None) ? ToolChoice.AUTO : choice;
    }

    private GenerationOptions generation(SnoozyChatOptions options) {
        GenerationOptions generation = GenerationOptions.defaults().withSampling(sampling(options));
        if (options.getMaxTokens() != null) {
            generation = generation.withMaxTokens(options.getMaxTokens());
        }
        List<String> stops = options.getStopSequences();
        if (stops != null) {
            generation = generation.withStop(stops.toArray(String[]::new));
        }
        OutputConstraint constraint = constraint(options);
        return constraint == null ? generation : generation.withConstraint(constraint);
    }

    private @Nullable OutputConstraint constraint(SnoozyChatOptions options) {
        String schema = options.getOutputSchema();
        if (schema == null || schema.isBlank()) {
            return options.getConstraint();
        }
        if (options.getConstraint() != null) {
            throw new IllegalArgumentException(
                    "outputSchema: expected no constraint beside it, found one; cure: one of both");
        }
        return OutputConstraint.of(grammars.ofSchema(schema));
    }

    private static SamplingOptions sampling(SnoozyChatOptions options) {
        SamplingOptions.Builder sampling = SamplingOptions.builder();
        number(options.getTemperature(), sampling::temperature);
        number(options.getTopP(), sampling::topP);
        number(options.getMinP(), sampling::minP);
        number(options.getRepeatPenalty(), sampling::repeatPenalty);
        number(options.getFrequencyPenalty(), sampling::frequencyPenalty);
        number(options.getPresencePenalty(), sampling::presencePenalty);
        if (options.getTopK() != null) {
            sampling.topK(options.getTopK());
        }
        if (options.getSeed() != null) {
            sampling.seed(options.getSeed());
        }
        return sampling.build();
    }

    private static void number(@Nullable Double value, Consumer<Float> set) {
        if (value != null) {
            set.accept(value.floatValue());
        }
    }
}
