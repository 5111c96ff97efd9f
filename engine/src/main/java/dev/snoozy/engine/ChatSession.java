package dev.snoozy.engine;

import dev.snoozy.engine.bind.TypeSchema;
import dev.snoozy.text.grammar.Grammar;

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
    private static final int MOST_ROUNDS = 8;

    private final LanguageModel model;
    private final List<ChatMessage> messages = new ArrayList<>();
    private ContextPolicy contextPolicy = ContextPolicy.REFUSE;
    private Toolbox tools = Toolbox.empty();

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

    /**
     * Offers tools: the model may call them before it answers, and they are run at once, on the
     * caller's thread, at most {@value #MOST_ROUNDS} times in a row.
     */
    public ChatSession withTools(Toolbox box) {
        tools = box;
        return this;
    }

    /**
     * Asks for a value: the answer can be nothing but JSON of this type. Question and answer become
     * part of the conversation.
     *
     * @param type a record, or another type that a {@link Toolbox} knows
     * @throws ModelException if the tokens ran out before the value was complete, and as {@link
     *     #send(String, GenerationOptions, Consumer)}
     */
    public <T> T ask(String text, Class<T> type, GenerationOptions options) {
        Grammar grammar = Grammar.jsonSchema(TypeSchema.of(type));
        return send(text, options.withConstraint(OutputConstraint.of(grammar))).as(type);
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
        List<ChatMessage> all = new ArrayList<>(messages);
        all.add(ChatMessage.user(text));
        for (int round = 0; ; round++) {
            ChatReply reply;
            try (ChatStream stream = model.chat(request(all, options))) {
                stream.forEachText(onText);
                reply = stream.result();
            }
            all.add(reply.message());
            if (reply.message().toolCalls().isEmpty() || round == MOST_ROUNDS) {
                messages.clear();
                messages.addAll(all);
                return reply;
            }
            reply.message().toolCalls().forEach(call -> all.add(tools.call(call)));
        }
    }

    /**
     * Starts to answer and returns at once. Nothing is added to the conversation: do so with {@link
     * #add} when the answer is to be kept. Close the stream.
     */
    public ChatStream stream(String text, GenerationOptions options) {
        List<ChatMessage> all = new ArrayList<>(messages);
        all.add(ChatMessage.user(text));
        return model.chat(request(all, options));
    }

    private ChatRequest request(List<ChatMessage> all, GenerationOptions options) {
        return ChatRequest.of(all)
                .withOptions(options)
                .withTools(tools.definitions(), ToolChoice.AUTO, true)
                .withContextPolicy(contextPolicy);
    }

    /** Forgets all messages. */
    public void clear() {
        messages.clear();
    }
}
