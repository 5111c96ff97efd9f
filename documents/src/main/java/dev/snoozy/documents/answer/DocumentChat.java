package dev.snoozy.documents.answer;

import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.Reranker;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.LanguageModel;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers questions from a collection: the question is written anew if there is a conversation
 * before it, passages are found, and the model answers from those. Thread-safe; it closes nothing
 * that it was given.
 */
public final class DocumentChat {
    /** Left for the answer: this part of the context, but no more than so many tokens. */
    private static final int ANSWER_PART = 4;

    private static final int ANSWER_TOKENS = 1024;

    /** Left for passages where the oldest turns may go instead: this part of the context. */
    private static final int PASSAGE_PART = 3;

    private final LanguageModel model;
    private final PassageSource passages;

    /** Answers from one collection. */
    public DocumentChat(
            LanguageModel model,
            DocumentCollection collection,
            Optional<Embedder> embedder,
            Optional<Reranker> reranker) {
        this(model, request -> collection.search(request, embedder, reranker));
    }

    /** Answers from wherever passages are found. */
    public DocumentChat(LanguageModel model, PassageSource passages) {
        this.model = model;
        this.passages = passages;
    }

    /** Finds passages, as {@link DocumentCollection#search} does. */
    @FunctionalInterface
    public interface PassageSource {
        /** The best passages first; none if nothing is found. */
        List<Hit> find(SearchRequest request) throws IOException;
    }

    /**
     * Answers the last message of a conversation. If nothing is found, no model is asked, and the
     * answer says so.
     *
     * @param onText is handed the answer as it comes, on the caller's thread
     * @throws IllegalArgumentException if the last message is not the user's
     * @throws dev.snoozy.engine.ModelException if the conversation does not fit into the context
     */
    public DocumentAnswer answer(
            List<ChatMessage> conversation, AnswerOptions options, Consumer<String> onText)
            throws IOException {
        Prepared prepared = prepare(conversation, options);
        Grounding grounding = prepared.grounding();
        if (grounding.citations().isEmpty()) {
            onText.accept(Grounding.NOT_FOUND);
            return new DocumentAnswer(
                    Grounding.NOT_FOUND, prepared.question(), false, List.of(), List.of());
        }
        ChatRequest request =
                ChatRequest.of(grounding.messages()).withOptions(options.generation());
        try (ChatStream stream = model.chat(request)) {
            stream.forEachText(onText);
            ChatReply reply = stream.result();
            return new DocumentAnswer(
                    reply.text(),
                    prepared.question(),
                    true,
                    grounding.cited(reply.text()),
                    grounding.citations());
        }
    }

    /**
     * A conversation with passages in it.
     *
     * @param question that was searched for
     * @param grounding what the model is to be asked, and the passages
     */
    public record Prepared(String question, Grounding grounding) {}

    /**
     * Finds passages and puts them into the conversation, for those who ask the model themselves.
     */
    public Prepared prepare(List<ChatMessage> conversation, AnswerOptions options)
            throws IOException {
        String question = Grounding.question(conversation);
        if (options.rewrite()) {
            question = new QuestionWriter(model).alone(conversation);
        }
        List<Hit> hits = passages.find(options.search().withQuestion(question));
        int tokens = passageTokens(conversation, options);
        Grounding grounding = Grounding.of(conversation, hits, tokens, this::tokens);
        return new Prepared(question, grounding);
    }

    private int tokens(String text) {
        return model.tokenizer().encode(text, false, false).length;
    }

    private int passageTokens(List<ChatMessage> conversation, AnswerOptions options) {
        int context = model.contextLength();
        int answer = Math.min(context / ANSWER_PART, ANSWER_TOKENS);
        answer = Math.min(answer, options.generation().maxTokens());
        Grounding without = Grounding.of(conversation, List.of(), 0, this::tokens);
        int asked = asked(ChatRequest.of(without.messages()), options.drops());
        // What stands around passages is longer than what is said if there are none.
        int room = context - asked - answer - tokens(Grounding.frame());
        if (options.drops()) {
            room = Math.max(room, context / PASSAGE_PART);
        }
        int wanted =
                options.passageTokens() == 0 ? AnswerOptions.USUAL_TOKENS : options.passageTokens();
        return Math.max(0, Math.min(room, wanted));
    }

    private int asked(ChatRequest request, boolean drops) {
        try {
            return model.promptTokens(request).length;
        } catch (ContextExceededException e) {
            if (drops) {
                return e.tokens();
            }
            throw e;
        }
    }
}
