package dev.snoozy.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.LanguageModel;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What both chat models are made of. Immutable.
 *
 * @param models by their names, in the order in which they were given; at least one
 * @param defaults parameters of requests that set none, with the name of a model
 * @param returnThinking whether what a model says to itself is a part of the answer
 * @param sendThinking whether it is sent along with earlier answers
 */
record ChatSettings(
        Map<String, LanguageModel> models,
        ChatRequestParameters defaults,
        List<ChatModelListener> listeners,
        boolean returnThinking,
        boolean sendThinking) {

    /** A request that was understood, and the model that is to answer it. */
    record Asked(String name, LanguageModel model, dev.snoozy.engine.ChatRequest request) {
        /** Starts to answer. Close the stream. */
        ChatStream start() {
            return Failures.ofRequest(() -> model.chat(request));
        }
    }

    /**
     * Reads a request.
     *
     * @throws ModelNotFoundException if it names a model that is not here
     */
    Asked read(ChatRequest request) {
        dev.snoozy.engine.ChatRequest asked = ChatRequests.of(request, sendThinking);
        String wanted = request.parameters().modelName();
        String name = wanted == null ? defaults.modelName() : wanted;
        return new Asked(name, model(name), asked);
    }

    /** The model of a name. */
    LanguageModel model(String name) {
        LanguageModel model = models.get(name);
        if (model == null) {
            throw new ModelNotFoundException(
                    "modelName: expected one of "
                            + models.keySet()
                            + ", found "
                            + name
                            + "; cure: give the builder a model of that name");
        }
        return model;
    }

    /** The whole answer. */
    ChatResponse response(String modelName, ChatReply reply) {
        return ChatResponse.builder()
                .aiMessage(message(reply))
                .metadata(metadata(modelName, reply))
                .build();
    }

    private AiMessage message(ChatReply reply) {
        dev.snoozy.engine.ChatMessage message = reply.message();
        return AiMessage.builder()
                .text(orNull(message.content()))
                .thinking(returnThinking ? orNull(message.reasoning()) : null)
                .toolExecutionRequests(
                        message.toolCalls().stream()
                                .map(call -> toolCall(call.id(), call.name(), call.arguments()))
                                .toList())
                .build();
    }

    static ToolExecutionRequest toolCall(String id, String name, String arguments) {
        return ToolExecutionRequest.builder().id(id).name(name).arguments(arguments).build();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static SnoozyChatResponseMetadata metadata(String modelName, ChatReply reply) {
        return SnoozyChatResponseMetadata.of(reply)
                .id("snoozy-" + UUID.randomUUID())
                .modelName(modelName)
                .tokenUsage(
                        new TokenUsage(
                                reply.usage().promptTokens(),
                                reply.usage().completionTokens(),
                                reply.usage().totalTokens()))
                .finishReason(reason(reply.finishReason()))
                .build();
    }

    private static FinishReason reason(dev.snoozy.engine.FinishReason reason) {
        return switch (reason) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_CALLS -> FinishReason.TOOL_EXECUTION;
            case CANCELLED -> FinishReason.OTHER;
        };
    }
}
