package dev.snoozy.text.chat;

import java.util.List;

/**
 * A message of a conversation, for a chat template.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content may be empty
 * @param reasoning of the assistant; may be empty
 * @param calls of the assistant
 * @param callId the call that a tool answers; empty in other roles
 * @param toolName the tool that answers; may be empty
 */
public record TemplateMessage(
        String role,
        String content,
        String reasoning,
        List<ToolCall> calls,
        String callId,
        String toolName) {
    public TemplateMessage {
        calls = List.copyOf(calls);
    }

    /** A message of text. */
    public static TemplateMessage of(String role, String content) {
        return new TemplateMessage(role, content, "", List.of(), "", "");
    }

    /** An answer of the assistant. */
    public static TemplateMessage assistant(ParsedAnswer answer) {
        return new TemplateMessage(
                "assistant", answer.content(), answer.reasoning(), answer.calls(), "", "");
    }

    /** The result of a call. */
    public static TemplateMessage result(ToolCall call, String content) {
        return new TemplateMessage("tool", content, "", List.of(), call.id(), call.name());
    }

    TemplateMessage withContent(String text) {
        return new TemplateMessage(role, text, reasoning, calls, callId, toolName);
    }
}
