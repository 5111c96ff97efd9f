package dev.snoozy.engine;

import dev.snoozy.text.chat.ChatFormat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The variables of a chat template, for a conversation. */
final class ChatVariables {
    private ChatVariables() {}

    static Map<String, Object> of(
            ChatRequest request,
            List<ChatMessage> messages,
            ChatFormat format,
            UnaryOperator<String> guard) {
        List<Map<String, String>> list = new ArrayList<>();
        for (ChatMessage message : messages) {
            String content = guard.apply(message.content());
            list.add(Map.of("role", message.role().word(), "content", content));
        }
        Map<String, Object> variables = new HashMap<>(request.templateVariables());
        variables.put("messages", list);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        return variables;
    }
}
