package dev.snoozy.server.openai;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.server.generate.ChatFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolCall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The input of a response as a conversation. What an assistant thought, said and called stands in
 * several items and becomes one message, as chat templates have it.
 */
final class ResponsesInput {
    private static final int MOST_ITEMS = 10_000;

    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<String> said = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();

    private ResponsesInput() {}

    /** The messages of a request, instructions first. */
    static List<ChatMessage> read(Fields fields) {
        ResponsesInput input = new ResponsesInput();
        fields.string("instructions")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> input.messages.add(ChatMessage.system(text)));
        if (!fields.has("input")) {
            throw fields.missing("input");
        }
        if (fields.any("input").orElseThrow().isString()) {
            input.messages.add(ChatMessage.user(fields.requiredString("input")));
            return input.messages;
        }
        List<Fields> items = fields.objects("input", MOST_ITEMS);
        if (items.isEmpty()) {
            throw fields.invalid("input", "expected at least one item, found none");
        }
        items.forEach(input::item);
        input.endTurn();
        return input.messages;
    }

    private void item(Fields item) {
        String type = item.string("type").orElse("message");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> reasoning(item);
            case "function_call" -> call(item);
            case "function_call_output" -> result(item);
            default ->
                    throw HttpProblem.unsupported(
                            "input of type " + type,
                            "messages, reasoning, function calls and their outputs are");
        }
    }

    private void message(Fields item) {
        String role = item.requiredString("role");
        if (!item.has("content")) {
            throw item.missing("content");
        }
        String content = ChatFields.content(item, "content");
        switch (role) {
            case "user" -> {
                endTurn();
                messages.add(ChatMessage.user(content));
            }
            case "system", "developer" -> {
                endTurn();
                messages.add(ChatMessage.system(content));
            }
            case "assistant" -> {
                if (!calls.isEmpty()) {
                    endTurn();
                }
                said.add(content);
            }
            default ->
                    throw item.invalid(
                            "role", "expected system, developer, user or assistant, found " + role);
        }
    }

    /** The content if there is one, as this server gives it; else the summary. */
    private void reasoning(Fields item) {
        item.refuse("encrypted_content", "this server gives reasoning as text");
        String name = item.has("content") ? "content" : "summary";
        for (Fields part : item.objects(name, MOST_ITEMS)) {
            String type = part.requiredString("type");
            if (!type.equals("reasoning_text") && !type.equals("summary_text")) {
                throw HttpProblem.unsupported(
                        "reasoning of type " + type, "reasoning_text and summary_text are");
            }
            if (!said.isEmpty() || !calls.isEmpty()) {
                endTurn();
            }
            reasoning.append(reasoning.isEmpty() ? "" : "\n").append(part.requiredString("text"));
        }
    }

    private void call(Fields item) {
        String id = item.requiredString("call_id");
        String name = item.requiredString("name");
        String arguments = item.string("arguments").filter(text -> !text.isBlank()).orElse("{}");
        if (!Json.parse(arguments).isObject()) {
            throw item.invalid("arguments", "expected the text of a JSON object");
        }
        toolNames.put(id, name);
        calls.add(new ToolCall(id, name, arguments));
    }

    private void result(Fields item) {
        endTurn();
        String id = item.requiredString("call_id");
        if (!item.has("output")) {
            throw item.missing("output");
        }
        messages.add(
                new ChatMessage(
                        Role.TOOL,
                        ChatFields.content(item, "output"),
                        "",
                        List.of(),
                        id,
                        toolNames.getOrDefault(id, "")));
    }

    private void endTurn() {
        if (reasoning.isEmpty() && said.isEmpty() && calls.isEmpty()) {
            return;
        }
        messages.add(
                new ChatMessage(
                        Role.ASSISTANT,
                        String.join("\n", said),
                        reasoning.toString(),
                        calls,
                        "",
                        ""));
        reasoning.setLength(0);
        said.clear();
        calls.clear();
    }
}
