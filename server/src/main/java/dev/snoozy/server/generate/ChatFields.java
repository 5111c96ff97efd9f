package dev.snoozy.server.generate;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.chat.ToolDefinition;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages and tools as OpenAI's chat interface writes them. */
public final class ChatFields {
    private static final int MOST_MESSAGES = 10_000;
    private static final int MOST_PARTS = 1000;
    private static final int MOST_TOOLS = 256;

    private ChatFields() {}

    /** The messages of a request. */
    public static List<ChatMessage> messages(Fields fields) {
        if (!fields.has("messages")) {
            throw fields.missing("messages");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (Fields message : fields.objects("messages", MOST_MESSAGES)) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw fields.invalid("messages", "expected at least one message, found none");
        }
        return messages;
    }

    private static ChatMessage message(Fields fields) {
        Role role =
                switch (fields.requiredString("role")) {
                    case "system", "developer" -> Role.SYSTEM;
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    case "tool" -> Role.TOOL;
                    default ->
                            throw fields.invalid(
                                    "role",
                                    "expected system, developer, user, assistant or tool, found "
                                            + fields.requiredString("role"));
                };
        fields.refuse("function_call", "use tool_calls");
        List<ToolCall> calls = role == Role.ASSISTANT ? calls(fields) : List.of();
        if (!fields.has("content") && calls.isEmpty() && !fields.has("reasoning_content")) {
            throw fields.missing("content");
        }
        return new ChatMessage(
                role,
                content(fields, "content"),
                role == Role.ASSISTANT ? fields.string("reasoning_content").orElse("") : "",
                calls,
                fields.string("tool_call_id").orElse(""),
                fields.string("name").orElse(""));
    }

    /** Text, or parts of text, which are joined by newlines. */
    public static String content(Fields fields, String name) {
        Optional<JsonNode> content = fields.any(name);
        if (content.isEmpty()) {
            return "";
        }
        if (content.get().isString()) {
            return content.get().stringValue();
        }
        if (!content.get().isArray()) {
            throw fields.invalid(name, "expected a string or an array of parts");
        }
        List<String> texts = new ArrayList<>();
        for (Fields part : fields.objects(name, MOST_PARTS)) {
            String type = part.requiredString("type");
            switch (type) {
                case "text", "input_text", "output_text" -> texts.add(part.requiredString("text"));
                case "refusal" -> texts.add(part.requiredString("refusal"));
                default ->
                        throw HttpProblem.unsupported(
                                name + " of type " + type, "this server reads text only");
            }
        }
        return String.join("\n", texts);
    }

    private static List<ToolCall> calls(Fields fields) {
        List<ToolCall> calls = new ArrayList<>();
        for (Fields call : fields.objects("tool_calls", MOST_TOOLS)) {
            Fields function = call.fields("function").orElseThrow(() -> call.missing("function"));
            calls.add(
                    new ToolCall(
                            call.string("id").orElse(""),
                            function.requiredString("name"),
                            arguments(function)));
        }
        return calls;
    }

    /** Arguments are the text of an object; some clients send the object itself. */
    private static String arguments(Fields function) {
        Optional<JsonNode> arguments = function.any("arguments");
        if (arguments.isEmpty()) {
            return "{}";
        }
        if (arguments.get().isObject()) {
            return Json.text(arguments.get());
        }
        String text = function.requiredString("arguments");
        if (text.isBlank()) {
            return "{}";
        }
        if (!Json.parse(text).isObject()) {
            throw function.invalid("arguments", "expected the text of a JSON object");
        }
        return text;
    }

    /** The tools of a request. */
    public static List<ToolDefinition> tools(Fields fields) {
        fields.refuse("functions", "use tools");
        fields.refuse("function_call", "use tool_choice");
        List<ToolDefinition> tools = new ArrayList<>();
        for (Fields tool : fields.objects("tools", MOST_TOOLS)) {
            String type = tool.string("type").orElse("function");
            if (!type.equals("function")) {
                throw HttpProblem.unsupported("tools of type " + type, "functions are");
            }
            tools.add(tool(tool.fields("function").orElseThrow(() -> tool.missing("function"))));
        }
        return tools;
    }

    /** A tool whose fields stand here. */
    public static ToolDefinition tool(Fields function) {
        String name = function.requiredString("name");
        if (!name.matches("[A-Za-z0-9_.-]{1,128}")) {
            throw function.invalid(
                    "name", "expected 1 to 128 letters, digits, _, - or ., found " + name);
        }
        return new ToolDefinition(
                name,
                function.string("description").orElse(""),
                function.fields("parameters")
                        .map(parameters -> Json.text(parameters.node()))
                        .orElse(ToolDefinition.NO_PARAMETERS));
    }

    /** Whether tools may, must or must not be called. */
    public static ToolChoice toolChoice(Fields fields, List<ToolDefinition> tools) {
        Optional<JsonNode> choice = fields.any("tool_choice");
        if (choice.isEmpty()) {
            return ToolChoice.AUTO;
        }
        if (choice.get().isString()) {
            return switch (choice.get().stringValue()) {
                case "auto" -> ToolChoice.AUTO;
                case "none" -> ToolChoice.NONE;
                case "required", "any" -> {
                    if (tools.isEmpty()) {
                        throw fields.invalid("tool_choice", "expected tools to choose from");
                    }
                    yield ToolChoice.REQUIRED;
                }
                default ->
                        throw fields.invalid(
                                "tool_choice",
                                "expected auto, none, required or a function, found "
                                        + choice.get().stringValue());
            };
        }
        Fields named =
                fields.fields("tool_choice")
                        .flatMap(f -> f.has("function") ? f.fields("function") : Optional.of(f))
                        .orElseThrow();
        String name = named.requiredString("name");
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw fields.invalid("tool_choice", "expected one of the tools, found " + name);
        }
        return new ToolChoice.Named(name);
    }
}
