package dev.snoozy.studio.chat;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.Role;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Message;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A path through the tree of a chat, as a model is given it. */
final class Conversation {
    private Conversation() {}

    /** The system prompt, if there is one, and the messages with what is attached to them. */
    static List<ChatMessage> of(Chat chat, List<Message> path) {
        List<ChatMessage> messages = new ArrayList<>();
        if (!chat.system().isBlank()) {
            messages.add(ChatMessage.system(chat.system()));
        }
        for (Message message : path) {
            messages.add(
                    new ChatMessage(
                            Role.valueOf(message.role().toUpperCase(Locale.ROOT)), text(message)));
        }
        return messages;
    }

    /** What is said, after the files that belong to it. */
    static String text(Message message) {
        StringBuilder text = new StringBuilder();
        for (JsonNode file : message.attachments()) {
            text.append("File ")
                    .append(file.path("name").asString(""))
                    .append(":\n\n")
                    .append(file.path("text").asString(""))
                    .append("\n\n");
        }
        return text.append(message.content()).toString();
    }
}
