package dev.snoozy.server.anthropic;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolCall;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages as Anthropic's interface writes them: results of tools are blocks of the user's message
 * there, and messages of their own here. Turns of one speaker that follow each other are one turn.
 * Used by one thread, for one request.
 */
final class MessageFields {
    private static final int MOST_MESSAGES = 10_000;
    private static final int MOST_BLOCKS = 10_000;

    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, ToolCall> calls = new HashMap<>();
    private final List<String> texts = new ArrayList<>(); // of the turn that is being read
    private final List<String> thoughts = new ArrayList<>();
    private final List<ToolCall> asked = new ArrayList<>();
    private Role speaker = Role.SYSTEM;

    private MessageFields() {}

    /** The messages of a request, with the system's first. */
    static List<ChatMessage> messages(Fields fields) {
        MessageFields reader = new MessageFields();
        String system = text(fields, "system");
        if (!system.isEmpty()) {
            reader.messages.add(ChatMessage.system(system));
        }
        if (!fields.has("messages")) {
            throw fields.missing("messages");
        }
        List<Fields> given = fields.objects("messages", MOST_MESSAGES);
        if (given.isEmpty()) {
            throw fields.invalid("messages", "expected at least one message, found none");
        }
        for (Fields message : given) {
            reader.read(message);
        }
        reader.endTurn();
        if (reader.messages.getLast().role() == Role.ASSISTANT) {
            throw HttpProblem.unsupported(
                    "messages that end with the assistant's",
                    "an answer cannot be begun for the model; cure: end with the user's");
        }
        return reader.messages;
    }

    private void read(Fields message) {
        String role = message.requiredString("role");
        if (!message.has("content")) {
            throw message.missing("content");
        }
        switch (role) {
            case "user" -> readUser(message);
            case "assistant" -> readAssistant(message);
            default -> throw message.invalid("role", "expected user or assistant, found " + role);
        }
    }

    /** The blocks of a content; a string is one of text. */
    private static List<Fields> blocks(Fields fields, String name) {
        if (fields.any(name).filter(JsonNode::isString).isPresent()) {
            return List.of(
                    new Fields(
                            Json.object()
                                    .put("type", "text")
                                    .put("text", fields.requiredString(name))));
        }
        if (fields.any(name).filter(node -> !node.isArray()).isPresent()) {
            throw fields.invalid(name, "expected a string or an array of blocks");
        }
        return fields.objects(name, MOST_BLOCKS);
    }

    /** A string, or blocks of text, which are joined by newlines. */
    private static String text(Fields fields, String name) {
        List<String> texts = new ArrayList<>();
        for (Fields block : blocks(fields, name)) {
            String type = block.requiredString("type");
            if (!type.equals("text")) {
                throw unreadable(block, type);
            }
            texts.add(block.requiredString("text"));
        }
        return String.join("\n", texts);
    }

    private static HttpProblem unreadable(Fields block, String type) {
        return switch (type) {
            case "text", "tool_use", "tool_result", "thinking", "redacted_thinking" ->
                    block.invalid("type", "a block of type " + type + " cannot stand here");
            default ->
                    HttpProblem.unsupported(
                            "content of type " + type, "this server reads text only");
        };
    }

    private void readUser(Fields message) {
        List<Fields> blocks = blocks(message, "content");
        if (blocks.isEmpty()) {
            throw message.invalid("content", "expected at least one block, found none");
        }
        turnOf(Role.USER);
        for (Fields block : blocks) {
            String type = block.requiredString("type");
            switch (type) {
                case "text" -> texts.add(block.requiredString("text"));
                case "tool_result" -> {
                    endTurn();
                    messages.add(result(block));
                }
                default -> throw unreadable(block, type);
            }
        }
    }

    /** Templates have no place for failures: the text itself says so. */
    private ChatMessage result(Fields block) {
        String id = block.requiredString("tool_use_id");
        ToolCall call = calls.get(id);
        if (call == null) {
            throw block.invalid(
                    "tool_use_id",
                    "expected the id of a tool_use in an earlier message, found " + id);
        }
        String text = text(block, "content");
        return ChatMessage.tool(call, block.bool("is_error", false) ? "Error: " + text : text);
    }

    private void readAssistant(Fields message) {
        turnOf(Role.ASSISTANT);
        for (Fields block : blocks(message, "content")) {
            String type = block.requiredString("type");
            switch (type) {
                case "text" -> texts.add(block.requiredString("text"));
                case "thinking" -> thoughts.add(block.requiredString("thinking"));
                case "redacted_thinking" -> {} // encrypted by another server: there is no text
                case "tool_use" -> asked.add(call(block));
                default -> throw unreadable(block, type);
            }
        }
    }

    private ToolCall call(Fields block) {
        Fields input = block.fields("input").orElseThrow(() -> block.missing("input"));
        ToolCall call =
                new ToolCall(
                        block.requiredString("id"),
                        block.requiredString("name"),
                        Json.text(input.node()));
        calls.put(call.id(), call);
        return call;
    }

    private void turnOf(Role role) {
        if (speaker != role) {
            endTurn();
            speaker = role;
        }
    }

    /** Makes a message of what was read, if there is anything. */
    private void endTurn() {
        if (!texts.isEmpty() || !thoughts.isEmpty() || !asked.isEmpty()) {
            messages.add(
                    new ChatMessage(
                            speaker,
                            String.join("\n", texts),
                            String.join("\n", thoughts),
                            asked,
                            "",
                            ""));
        }
        texts.clear();
        thoughts.clear();
        asked.clear();
    }
}
