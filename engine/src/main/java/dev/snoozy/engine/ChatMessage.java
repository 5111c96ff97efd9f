package dev.snoozy.engine;

import dev.snoozy.text.chat.ToolCall;

import java.util.List;
import java.util.Objects;

/**
 * One message of a conversation. Nothing in it is ever read as control tokens. Immutable.
 *
 * @param role who speaks
 * @param content what is said; may be empty
 * @param reasoning what the model said to itself before; empty if nothing
 * @param toolCalls tools that the model asks for
 * @param toolCallId of a tool's message: the id of the call that it answers, or empty
 * @param name of a tool's message: the name of the tool, or empty
 */
public record ChatMessage(
        Role role,
        String content,
        String reasoning,
        List<ToolCall> toolCalls,
        String toolCallId,
        String name) {
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(reasoning, "reasoning");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(toolCallId, "toolCallId");
        Objects.requireNonNull(name, "name");
    }

    /** A message that is only text. */
    public ChatMessage(Role role, String content) {
        this(role, content, "", List.of(), "", "");
    }

    public static ChatMessage system(String content) {
        return new ChatMessage(Role.SYSTEM, content);
    }

    public static ChatMessage user(String content) {
        return new ChatMessage(Role.USER, content);
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage(Role.ASSISTANT, content);
    }

    /** The result of a tool that the model has asked for. */
    public static ChatMessage tool(ToolCall call, String result) {
        return new ChatMessage(Role.TOOL, result, "", List.of(), call.id(), call.name());
    }
}
