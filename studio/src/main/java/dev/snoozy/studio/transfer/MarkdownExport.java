package dev.snoozy.studio.transfer;

import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Message;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** A chat as people read it: the branch that the page shows, in Markdown. */
final class MarkdownExport {
    private MarkdownExport() {}

    static String of(Chat chat, List<Message> path) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(line(chat.title())).append("\n\n");
        if (!chat.system().isBlank()) {
            text.append("*System:* ").append(chat.system().strip()).append("\n\n");
        }
        for (Message message : path) {
            text.append("## ").append(who(message)).append("\n\n");
            for (JsonNode file : message.attachments()) {
                String content = file.path("text").asString("");
                String fence = fence(content);
                text.append("Attached: ").append(line(file.path("name").asString("")));
                text.append("\n\n").append(fence).append('\n').append(content.stripTrailing());
                text.append('\n').append(fence).append("\n\n");
            }
            if (!message.reasoning().isBlank()) {
                text.append("> ").append(message.reasoning().strip().replace("\n", "\n> "));
                text.append("\n\n");
            }
            text.append(message.content().strip()).append("\n\n");
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static String who(Message message) {
        return switch (message.role()) {
            case "user" -> "User";
            case "system" -> "System";
            default ->
                    message.answer().model().isEmpty()
                            ? "Assistant"
                            : "Assistant (" + line(message.answer().model()) + ")";
        };
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** Longer than any within. */
    private static String fence(String content) {
        String fence = "```";
        while (content.contains(fence)) {
            fence += "`";
        }
        return fence;
    }
}
