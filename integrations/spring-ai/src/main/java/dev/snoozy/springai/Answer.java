package dev.snoozy.springai;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.text.chat.AnswerPart;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One answer of the engine as responses of Spring AI. Used by one thread at a time. */
final class Answer {
    /** The name that Spring AI's own providers use for the reasoning in a message's metadata. */
    static final String REASONING = "reasoningContent";

    private final String id = "snoozy-" + UUID.randomUUID();
    private final String model;
    private final StringBuilder reasoning = new StringBuilder();

    Answer(String model) {
        this.model = model;
    }

    /** The whole answer. */
    ChatResponse whole(ChatReply reply) {
        return last(reply, reply.text());
    }

    /** A piece of the answer, or null if there is nothing to tell yet. */
    @Nullable ChatResponse piece(ChatPiece piece) {
        StringBuilder content = new StringBuilder();
        boolean thought = false;
        for (AnswerPart part : piece.parts()) {
            switch (part) {
                case AnswerPart.Content(String text) -> content.append(text);
                case AnswerPart.Reasoning(String text) -> {
                    reasoning.append(text);
                    thought = true;
                }
                // Calls come whole with the end: Spring AI takes one in a piece for complete.
                case AnswerPart.ToolCallStart start -> {}
                case AnswerPart.ToolCallArguments arguments -> {}
                case AnswerPart.ToolCallEnd end -> {}
            }
        }
        if (content.isEmpty() && !thought) {
            return null;
        }
        return response(
                message(content.toString(), reasoning.toString(), List.of()),
                ChatGenerationMetadata.NULL,
                metadata().build());
    }

    /** What follows the last piece: calls of tools, the reason of the end, counts. */
    ChatResponse end(ChatReply reply) {
        return last(reply, "");
    }

    private ChatResponse last(ChatReply reply, String content) {
        List<AssistantMessage.ToolCall> calls =
                reply.message().toolCalls().stream()
                        .map(c ->
                                new AssistantMessage.ToolCall(
                                        c.id(), "function", c.name(), c.arguments()))
                        .toList();
        ChatResponseMetadata.Builder metadata =
                metadata()
                        .usage(usage(reply.usage()))
                        .keyValue("seed", reply.generation().seed())
                        .keyValue("timings", reply.generation().timings())
                        .keyValue("droppedMessages", reply.droppedMessages())
                        .keyValue("warnings", reply.warnings());
        return response(
                message(content, reply.message().reasoning(), calls),
                ChatGenerationMetadata.builder().finishReason(reply.finishReason().name()).build(),
                metadata.build());
    }

    private ChatResponseMetadata.Builder metadata() {
        return ChatResponseMetadata.builder().id(id).model(model);
    }

    private static AssistantMessage message(
            String content, String reasoning, List<AssistantMessage.ToolCall> calls) {
        return AssistantMessage.builder()
                .content(content)
                .properties(reasoning.isEmpty() ? Map.of() : Map.of(REASONING, reasoning))
                .toolCalls(calls)
                .build();
    }

    private static ChatResponse response(
            AssistantMessage message,
            ChatGenerationMetadata generation,
            ChatResponseMetadata metadata) {
        return new ChatResponse(List.of(new Generation(message, generation)), metadata);
    }

    private static DefaultUsage usage(TokenUsage usage) {
        return new DefaultUsage(
                usage.promptTokens(),
                usage.completionTokens(),
                usage.totalTokens(),
                usage,
                (long) usage.cachedTokens(),
                null);
    }
}
