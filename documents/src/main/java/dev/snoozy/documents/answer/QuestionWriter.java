package dev.snoozy.documents.answer;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Role;
import dev.snoozy.engine.SamplingOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes the last question of a conversation such that it can be understood alone: "and the other
 * one?" finds nothing.
 */
final class QuestionWriter {
    /** Of the conversation, the last messages, and so many characters of each. */
    private static final int MESSAGES = 6;

    private static final int CHARACTERS = 600;
    private static final int TOKENS = 96;

    private static final String ASK =
            """
            Below is a conversation, quoted line by line. Write the user's last question anew, such \
            that it can be understood without the conversation: put in the names of what it refers \
            to. Do not answer it. Write the question alone, in its own language.

            """;

    private final LanguageModel model;

    QuestionWriter(LanguageModel model) {
        this.model = model;
    }

    /**
     * The question, written anew if there is a conversation before it. If the model writes nothing
     * of use, it is the question with the one before it, whose words help a search.
     */
    String alone(List<ChatMessage> conversation) {
        String question = Grounding.question(conversation);
        List<ChatMessage> spoken =
                conversation.stream()
                        .filter(m -> m.role() == Role.USER || m.role() == Role.ASSISTANT)
                        .toList();
        if (spoken.size() < 2) {
            return question;
        }
        String written = written(spoken);
        if (written.isEmpty() || written.length() > 4 * (question.length() + CHARACTERS)) {
            return before(spoken) + question;
        }
        return written;
    }

    private String written(List<ChatMessage> spoken) {
        StringBuilder text = new StringBuilder(ASK);
        for (ChatMessage message :
                spoken.subList(Math.max(0, spoken.size() - MESSAGES), spoken.size())) {
            text.append(message.role().name().toLowerCase(Locale.ROOT)).append(":\n");
            text.append(Grounding.quoted(cut(message.content())));
        }
        text.append("\nThe last question, understood alone:");
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(TOKENS)
                        .withSampling(SamplingOptions.greedy());
        ChatRequest request =
                ChatRequest.of(List.of(ChatMessage.user(text.toString()))).withOptions(options);
        try (ChatStream stream = model.chat(request)) {
            ChatReply reply = stream.result();
            List<String> lines = new ArrayList<>(reply.text().strip().lines().toList());
            lines.removeIf(String::isBlank);
            return lines.isEmpty() ? "" : lines.getFirst().replaceFirst("^[>\"“\\s]+", "").strip();
        } catch (ModelException e) {
            return ""; // it does not fit, or the template refuses it: the words themselves are left
        }
    }

    private static String before(List<ChatMessage> spoken) {
        for (int i = spoken.size() - 2; i >= 0; i--) {
            if (spoken.get(i).role() == Role.USER) {
                return cut(spoken.get(i).content()) + " ";
            }
        }
        return "";
    }

    private static String cut(String text) {
        return text.length() > CHARACTERS ? text.substring(0, CHARACTERS) : text;
    }
}
