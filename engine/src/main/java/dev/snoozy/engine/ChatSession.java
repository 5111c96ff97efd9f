package dev.snoozy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A conversation. It keeps the messages and writes them into the model's chat template. What the
 * model has read stays in memory as long as there is room ({@link LoadOptions#prefixMemory}), so
 * that a turn evaluates only what is new.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="chat"}
 *
 * <p>Used by one thread at a time; many sessions may share a model.
 */
public final class ChatSession {
    private final LanguageModel model;
    private final ChatPrompt prompt;
    private final List<ChatMessage> messages = new ArrayList<>();

    ChatSession(LanguageModel model) {
        this.model = model;
        prompt = new ChatPrompt(model);
    }

    /** The messages so far; the list is a copy. */
    public List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /** Adds a message without asking for an answer: a system prompt, or turns of old. */
    public ChatSession add(ChatMessage message) {
        messages.add(message);
        return this;
    }

    /** Says something and waits for the answer, which becomes part of the conversation. */
    public Generation send(String text, GenerationOptions options) {
        return send(text, options, piece -> {});
    }

    /**
     * Says something and hands over the answer as it comes, on the caller's thread. The message and
     * the answer become part of the conversation; if this fails, neither does.
     *
     * @throws ModelException if the model has no chat template, the template refuses the
     *     conversation, or the conversation does not fit into the context
     */
    public Generation send(String text, GenerationOptions options, Consumer<String> onText) {
        try (TextStream stream = stream(text, options)) {
            stream.forEach(onText);
            Generation answer = stream.result();
            messages.add(ChatMessage.user(text));
            messages.add(ChatMessage.assistant(answer.text()));
            return answer;
        }
    }

    /**
     * Starts to answer and returns at once. Nothing is added to the conversation: do so with {@link
     * #add} when the answer is to be kept. Close the stream.
     */
    public TextStream stream(String text, GenerationOptions options) {
        List<ChatMessage> all = new ArrayList<>(messages);
        all.add(ChatMessage.user(text));
        return model.stream(prompt.tokens(all), options);
    }

    /** Forgets all messages. */
    public void clear() {
        messages.clear();
    }
}
