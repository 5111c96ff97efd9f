package dev.snoozy.langchain4j;

import static dev.snoozy.langchain4j.Failures.unsupported;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.text.chat.ToolCall;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Messages of LangChain4j as the engine's. */
final class Messages {
    /** Between the parts of a message. */
    private static final String PART = "\n";

    private Messages() {}

    /**
     * The messages.
     *
     * @param withThinking whether what the model said to itself goes along; most chat templates
     *     drop it from all but the last answer
     * @throws dev.langchain4j.exception.UnsupportedFeatureException for what is no text
     */
    static List<dev.snoozy.engine.ChatMessage> of(
            Iterable<? extends ChatMessage> messages, boolean withThinking) {
        List<dev.snoozy.engine.ChatMessage> all = new ArrayList<>();
        for (ChatMessage message : messages) {
            all.add(of(message, withThinking));
        }
        return all;
    }

    static dev.snoozy.engine.ChatMessage of(ChatMessage message, boolean withThinking) {
        return switch (message) {
            case SystemMessage system -> dev.snoozy.engine.ChatMessage.system(system.text());
            case UserMessage user -> user(user);
            case AiMessage answer -> answer(answer, withThinking);
            case ToolExecutionResultMessage result -> result(result);
            default ->
                    throw unsupported(
                            "messages of type " + message.type() + " are",
                            "a system, user, AI or tool result message");
        };
    }

    private static dev.snoozy.engine.ChatMessage user(UserMessage message) {
        if (message.name() != null) {
            throw unsupported(
                    "the name of a user message is",
                    "leave it out, or write the name into the message");
        }
        return dev.snoozy.engine.ChatMessage.user(text(message.contents(), ""));
    }

    private static dev.snoozy.engine.ChatMessage answer(AiMessage message, boolean withThinking) {
        if (!message.images().isEmpty()) {
            throw unsupported("image content is", "send text only");
        }
        return new dev.snoozy.engine.ChatMessage(
                Role.ASSISTANT,
                orEmpty(message.text()),
                withThinking ? orEmpty(message.thinking()) : "",
                message.toolExecutionRequests().stream().map(Messages::call).toList(),
                "",
                "");
    }

    private static ToolCall call(ToolExecutionRequest request) {
        String arguments = orEmpty(request.arguments());
        return new ToolCall(
                orEmpty(request.id()), request.name(), arguments.isBlank() ? "{}" : arguments);
    }

    private static dev.snoozy.engine.ChatMessage result(ToolExecutionResultMessage message) {
        String text = text(message.contents(), "non-text content of a tool's result: ");
        boolean failed = Boolean.TRUE.equals(message.isError());
        return new dev.snoozy.engine.ChatMessage(
                Role.TOOL,
                failed ? "error: " + text : text,
                "",
                List.of(),
                orEmpty(message.id()),
                orEmpty(message.toolName()));
    }

    /** The text of a message; what is no text is refused, with some words before its type. */
    private static String text(List<Content> contents, String before) {
        List<String> parts = new ArrayList<>();
        for (Content content : contents) {
            if (!(content instanceof TextContent text)) {
                String type = content.type().toString().toLowerCase(Locale.ROOT);
                throw unsupported(before + type + " content is", "send text only");
            }
            parts.add(text.text());
        }
        return String.join(PART, parts);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
