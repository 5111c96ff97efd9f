package dev.snoozy.text.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Tools for a model whose chat template knows nothing of them: they are described in the system
 * message, calls stand in the content of the assistant's messages and results in the user's.
 */
final class GenericTools {
    private static final String RESULT = "<tool_response>\n%s\n</tool_response>";

    private GenericTools() {}

    /** What the model is told of the tools. */
    static String description(List<ToolDefinition> tools) {
        StringBuilder out = new StringBuilder("You can call these tools. ");
        out.append("Their parameters are given as JSON Schema.\n\n");
        for (ToolDefinition tool : tools) {
            out.append("{\"name\": ").append(JsonText.quote(tool.name()));
            if (!tool.description().isEmpty()) {
                out.append(", \"description\": ").append(JsonText.quote(tool.description()));
            }
            out.append(", \"parameters\": ").append(tool.parameters()).append("}\n");
        }
        return out.append("\nTo call a tool, write its name and its arguments as JSON")
                .append(" between <tool_call> and </tool_call>, once for each call:\n")
                .append("<tool_call>\n{\"name\": \"the tool\", \"arguments\": {}}\n</tool_call>\n")
                .append("Its result comes in the next message")
                .append(" between <tool_response> and </tool_response>.")
                .append(" If you need no tool, answer without one.")
                .toString();
    }

    /** The text of calls. */
    static String calls(List<ToolCall> calls) {
        List<String> texts = new ArrayList<>();
        for (ToolCall call : calls) {
            texts.add(
                    "<tool_call>\n{\"name\": %s, \"arguments\": %s}\n</tool_call>"
                            .formatted(JsonText.quote(call.name()), call.arguments()));
        }
        return String.join("\n", texts);
    }

    /** A message whose calls stand in its content. */
    static TemplateMessage inContent(TemplateMessage message) {
        String calls = calls(message.calls());
        String content = message.content();
        String text = content.isBlank() || calls.isEmpty() ? content + calls : content + "\n" + calls;
        return new TemplateMessage(message.role(), text, message.reasoning(), List.of(), "", "");
    }

    /** Results as messages of the user; those that follow each other become one. */
    static List<TemplateMessage> resultsOfUser(List<TemplateMessage> messages) {
        List<TemplateMessage> result = new ArrayList<>();
        boolean joins = false;
        for (TemplateMessage message : messages) {
            if (!message.role().equals("tool")) {
                result.add(message);
                joins = false;
                continue;
            }
            String text = RESULT.formatted(message.content());
            if (joins) {
                TemplateMessage last = result.removeLast();
                text = last.content() + "\n" + text;
            }
            result.add(TemplateMessage.of("user", text));
            joins = true;
        }
        return result;
    }

    /** Messages with a text at the end of the system message. */
    static List<TemplateMessage> withSystem(
            List<TemplateMessage> messages, String text, boolean systemRole) {
        List<TemplateMessage> result = new ArrayList<>(messages);
        String role = systemRole ? "system" : "user";
        for (int i = 0; i < result.size(); i++) {
            TemplateMessage message = result.get(i);
            if (message.role().equals(role) && (i == 0 || !systemRole)) {
                String content = message.content();
                String joined = systemRole ? content + "\n\n" + text : text + "\n\n" + content;
                result.set(i, message.withContent(joined));
                return result;
            }
        }
        result.addFirst(TemplateMessage.of(role, text));
        return result;
    }
}
