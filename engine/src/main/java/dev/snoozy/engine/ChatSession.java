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
    private final List<ChatMessage> messages = new ArrayList<>();
    private ContextPolicy contextPolicy = ContextPolicy.REFUSE;

    ChatSession(LanguageModel model) {
        if (model.chatTemplate().isEmpty()) {
            throw new ModelException(
                    "the model has no chat template; cure: continue plain text instead, or use a"
                            + " model tuned for chat");
        }
        this.model = model;
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

    /** Says what becomes of the conversation when it is too long; by default it is refused. */
    public ChatSession withContextPolicy(ContextPolicy policy) {
        contextPolicy = policy;
        return this;
    }

    /** Says something and waits for the answer, which becomes part of the conversation. */
    public ChatReply send(String text, GenerationOptions options) {
        return send(text, options, piece -> {});
    }

    /**
     * Says something and hands over the content of the answer as it comes, on the caller's thread.
     * The message and the answer become part of the conversation; if this fails, neither does.
     *
     * @throws ModelException if the template refuses the conversation, or the conversation does not
     *     fit into the context
     */
    public ChatReply send(String text, GenerationOptions options, Consumer<String> onText) {
        try (ChatStream stream = stream(text, options)) {
            stream.forEachText(onText);
            ChatReply reply = stream.result();
            messages.add(ChatMessage.user(text));
            messages.add(reply.message());
            return reply;
        }
    }

    /**
     * Starts to answer and returns at once. Nothing is added to the conversation: do so with {@link
     * #add} when the answer is to be kept. Close the stream.
     */
    public ChatStream stream(String text, GenerationOptions options) {
        List<ChatMessage> all = new ArrayList<>(messages);
        all.add(ChatMessage.user(text));
        return model.chat(
                ChatRequest.of(all).withOptions(options).withContextPolicy(contextPolicy));
    }

    /** Forgets all messages. */
    public void clear() {
        messages.clear();
    }
}
