package dev.snoozy.curate.records;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layouts with more than one turn. */
final class Conversations {
    private static final int DEEPEST = 200;

    private Conversations() {}

    static DataRecord openAi(JsonNode row) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : row.path("messages")) {
            messages.add(
                    new Message(
                            role(Layout.text(message, "role")), content(message.path("content"))));
        }
        return record(row, messages);
    }

    /** A text, or the texts among the parts of a message. */
    private static String content(JsonNode content) {
        if (!content.isArray()) {
            return DataRecord.text(content);
        }
        StringBuilder texts = new StringBuilder();
        for (JsonNode part : content) {
            texts.append(Layout.text(part, "text"));
        }
        return texts.toString();
    }

    static DataRecord shareGpt(JsonNode row) {
        List<Message> messages = new ArrayList<>();
        JsonNode turns =
                row.has("conversations") ? row.path("conversations") : row.path("conversation");
        for (JsonNode turn : turns) {
            String from = turn.has("from") ? Layout.text(turn, "from") : Layout.text(turn, "role");
            String said =
                    turn.has("value") ? Layout.text(turn, "value") : content(turn.path("content"));
            messages.add(new Message(role(from), said));
        }
        return record(row, messages);
    }

    /** From the first prompt along the reply of the best rank, as far as there are any. */
    static DataRecord tree(JsonNode row) {
        List<Message> messages = new ArrayList<>();
        JsonNode message = row.path("prompt");
        while (message.isObject() && messages.size() < DEEPEST) {
            messages.add(
                    new Message(role(Layout.text(message, "role")), Layout.text(message, "text")));
            message = best(message.path("replies"), message);
        }
        if (messages.size() > 1 && messages.getLast().role().equals(DataRecord.USER)) {
            messages.removeLast(); // nobody answered
        }
        return record(row, messages);
    }

    private static JsonNode best(JsonNode replies, JsonNode parent) {
        JsonNode best = parent.path("none");
        for (JsonNode reply : replies) {
            boolean usable = !reply.path("deleted").asBoolean(false);
            if (usable && (best.isMissingNode() || rank(reply) < rank(best))) {
                best = reply;
            }
        }
        return best;
    }

    private static int rank(JsonNode reply) {
        return reply.path("rank").isNumber() ? reply.path("rank").asInt() : Integer.MAX_VALUE;
    }

    private static DataRecord record(JsonNode row, List<Message> messages) {
        return new DataRecord(
                messages, Layout.text(row, "source"), Layout.licence(row), Layout.meta(row));
    }

    private static String role(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "human", "user", "prompter" -> DataRecord.USER;
            case "gpt", "assistant", "chatgpt", "bing", "bard", "model", "bot" ->
                    DataRecord.ASSISTANT;
            case "system" -> "system";
            case "tool", "function", "observation" -> "tool";
            default -> name;
        };
    }
}
