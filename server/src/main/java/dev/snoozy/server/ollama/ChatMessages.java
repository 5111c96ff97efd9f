package dev.snoozy.server.ollama;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolCall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages as Ollama's interface writes them. Calls need no ids there: a result goes to the oldest
 * call of its tool that has none. Used by one thread, for one request.
 */
final class ChatMessages {
    private static final int MOST_MESSAGES = 10_000;
    private static final int MOST_CALLS = 256;

    private final Map<String, ToolCall> waiting = new LinkedHashMap<>();
    private int made;

    private ChatMessages() {}

    /** The messages of a request, which may be none. */
    static List<ChatMessage> read(Fields fields) {
        ChatMessages reader = new ChatMessages();
        List<ChatMessage> messages = new ArrayList<>();
        for (Fields message : fields.objects("messages", MOST_MESSAGES)) {
            messages.add(reader.message(message));
        }
        if (!messages.isEmpty() && messages.getLast().role() == Role.ASSISTANT) {
            throw HttpProblem.unsupported(
                    "messages that end with the assistant's",
                    "an answer cannot be begun for the model; cure: end with the user's");
        }
        return messages;
    }

    private ChatMessage message(Fields fields) {
        String role = fields.requiredString("role");
        Requests.refuseUnlessEmpty(fields, "images", "this server reads text only");
        String content = fields.string("content").orElse("");
        return switch (role) {
            case "system" -> ChatMessage.system(content);
            case "user" -> ChatMessage.user(content);
            case "assistant" ->
                    new ChatMessage(
                            Role.ASSISTANT,
                            content,
                            fields.string("thinking").orElse(""),
                            calls(fields),
                            "",
                            "");
            case "tool" -> result(fields, content);
            default ->
                    throw fields.invalid(
                            "role", "expected system, user, assistant or tool, found " + role);
        };
    }

    private List<ToolCall> calls(Fields fields) {
        List<ToolCall> calls = new ArrayList<>();
        waiting.clear(); // what was not answered before is not answered any more
        for (Fields one : fields.objects("tool_calls", MOST_CALLS)) {
            Fields function = one.fields("function").orElseThrow(() -> one.missing("function"));
            ToolCall call =
                    new ToolCall(
                            one.string("id").filter(id -> !id.isEmpty()).orElseGet(this::newId),
                            function.requiredString("name"),
                            function.fields("arguments")
                                    .map(given -> Json.text(given.node()))
                                    .orElse("{}"));
            calls.add(call);
            waiting.put(call.id(), call);
        }
        return calls;
    }

    private String newId() {
        return "call%05d".formatted(made++);
    }

    private ChatMessage result(Fields fields, String content) {
        String name = fields.string("tool_name").orElse("");
        String id = fields.string("tool_call_id").orElse("");
        Optional<ToolCall> call =
                id.isEmpty()
                        ? waiting.values().stream()
                                .filter(one -> name.isEmpty() || one.name().equals(name))
                                .findFirst()
                        : Optional.ofNullable(waiting.get(id));
        call.ifPresent(one -> waiting.remove(one.id()));
        return new ChatMessage(
                Role.TOOL,
                content,
                "",
                List.of(),
                call.map(ToolCall::id).orElse(id),
                call.map(ToolCall::name).orElse(name));
    }
}
