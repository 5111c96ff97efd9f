package dev.snoozy.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Tools for a model whose chat template knows nothing of them, or not enough: they are described in
 * the system message, calls stand in the content of the assistant's messages and results in the
 * user's. Immutable.
 *
 * @param syntax how calls are asked for; with JSON arguments
 * @param guard goes over every text that is not the program's own
 */
record GenericTools(ToolCallSyntax syntax, UnaryOperator<String> guard) {
    private static final String RESULT = "<tool_response>\n%s\n</tool_response>";

    /** What the model is told of the tools. */
    String description(List<ToolDefinition> tools) {
        StringBuilder out = new StringBuilder("You can call these tools. ");
        out.append("Their parameters are given as JSON Schema.\n\n");
        for (ToolDefinition tool : tools) {
            out.append(guard.apply(text(tool))).append('\n');
        }
        String form = calls(List.of(new ToolCall("", "the tool", "{\"its\": \"arguments\"}")));
        return out.append("\nTo call a tool, write its name and its arguments as JSON in this form")
                .append(syntax.parallel() ? ", once for each call:\n" : ":\n")
                .append(form)
                .append("\nIts result comes in the next message")
                .append(" between <tool_response> and </tool_response>.")
                .append(" If you need no tool, answer without one.")
                .toString();
    }

    /** A tool as a JSON object. */
    static String text(ToolDefinition tool) {
        StringBuilder out = new StringBuilder("{\"name\": ").append(JsonText.quote(tool.name()));
        if (!tool.description().isEmpty()) {
            out.append(", \"description\": ").append(JsonText.quote(tool.description()));
        }
        return out.append(", \"parameters\": ").append(tool.parameters()).append('}').toString();
    }

    /** The text of calls. */
    String calls(List<ToolCall> calls) {
        List<String> texts = new ArrayList<>();
        for (ToolCall call : calls) {
            texts.add(
                    syntax.prefix()
                            + guard.apply(call.name())
                            + syntax.middle()
                            + guard.apply(call.arguments())
                            + syntax.suffix());
        }
        return syntax.begin() + String.join(syntax.separator(), texts) + syntax.end();
    }

    /** A message whose calls stand in its content. */
    TemplateMessage inContent(TemplateMessage message) {
        if (message.calls().isEmpty()) {
            return message;
        }
        String calls = calls(message.calls());
        String content = message.content();
        String text = content.isBlank() ? calls : content + "\n" + calls;
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

    /**
     * Messages with a text at the end of the system message.
     *
     * @param systemRole whether there may be one; otherwise the text comes before the first words
     *     of the user
     */
    static List<TemplateMessage> withSystem(
            List<TemplateMessage> messages, String text, boolean systemRole) {
        List<TemplateMessage> result = new ArrayList<>(messages);
        if (systemRole) {
            boolean there = !messages.isEmpty() && messages.getFirst().role().equals("system");
            String before = there ? messages.getFirst().content() : "";
            String joined = before.isBlank() ? text : before + "\n\n" + text;
            TemplateMessage system = TemplateMessage.of("system", joined);
            if (there) {
                result.set(0, system);
            } else {
                result.addFirst(system);
            }
            return result;
        }
        for (int i = 0; i < result.size(); i++) {
            TemplateMessage message = result.get(i);
            if (message.role().equals("user")) {
                result.set(i, message.withContent(text + "\n\n" + message.content()));
                return result;
            }
        }
        result.addFirst(TemplateMessage.of("user", text));
        return result;
    }
}
