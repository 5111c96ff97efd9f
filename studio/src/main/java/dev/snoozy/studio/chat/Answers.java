package dev.snoozy.studio.chat;

import dev.snoozy.engine.ModelException;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.store.StoreException;
import dev.snoozy.studio.store.Writings;
import dev.snoozy.studio.write.Ask;
import dev.snoozy.studio.write.Author;
import dev.snoozy.studio.write.Written;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers in progress. Each is written by a thread of its own, goes on whoever watches, and is
 * kept piece by piece before it is shown. Thread-safe.
 */
public final class Answers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Answers.class.getName());
    private static final long CLOSE_MILLIS = 5000;

    private final Author author;
    private final Chats chats;
    private final Messages messages;
    private final Writings writings;
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    public Answers(Author author, Chats chats, Messages messages, Writings writings) {
        this.author = author;
        this.chats = chats;
        this.messages = messages;
        this.writings = writings;
    }

    /**
     * What the page asks for.
     *
     * @param parent the message that is answered
     * @param model that answers
     * @param options of this answer
     * @param tokens whether the tokens are kept with their probabilities
     */
    record Order(
            String chat,
            @Nullable String parent,
            String model,
            ObjectNode options,
            long seed,
            boolean tokens) {}

    /** Begins an answer to a message; it is a new branch. */
    Message begin(Order order) {
        return begin(order, ask(order));
    }

    /** Begins an answer with tokens that are given; it is a new branch. */
    Message begin(Order order, ArrayNode tokens) {
        return begin(order, ask(order).beginningWith(tokens));
    }

    private Message begin(Order order, Ask ask) {
        Message message =
                Message.begin(
                        order.chat(),
                        order.parent(),
                        Message.Answer.begin(order.model(), order.seed(), order.options()),
                        order.tokens());
        start(
                message,
                ask,
                () -> {
                    if (!messages.add(message)) {
                        throw Call.missing("message");
                    }
                });
        return message;
    }

    /** Goes on with an answer that has ended; it is the same message. */
    Message resume(Order order, Message whole) {
        Message.Answer answer = whole.answer();
        Message message =
                whole.with(
                        whole.content(),
                        whole.reasoning(),
                        whole.ids(),
                        whole.tokens(),
                        new Message.Answer(
                                answer.model(),
                                answer.digest(),
                                order.seed(),
                                order.options(),
                                answer.stats(),
                                null,
                                ""),
                        Message.WRITING);
        Ask ask = ask(order).continuing(message.ids(), message.content());
        start(
                message,
                ask,
                () -> {
                    if (!writings.reopen(message)) {
                        throw HttpProblem.invalid(
                                "continueOf", "expected an answer that has ended");
                    }
                });
        return message;
    }

    private Ask ask(Order order) {
        Chat chat = chats.find(order.chat()).orElseThrow(() -> Call.missing("chat"));
        List<Message> path =
                order.parent() == null ? List.of() : messages.path(chat.id(), order.parent());
        if (path.isEmpty()) {
            throw HttpProblem.invalid("parent", "expected a message of this chat");
        }
        return Ask.of(
                order.model(),
                Conversation.of(chat, path),
                false,
                order.options(),
                order.seed(),
                order.tokens());
    }

    /** Who sees the message in the store as one in progress finds it here. */
    private void start(Message message, Ask ask, Runnable store) {
        Running answer = new Running(message);
        if (running.putIfAbsent(message.id(), answer) != null) {
            throw HttpProblem.invalid("message", "a model is writing it already");
        }
        try {
            store.run();
        } catch (RuntimeException e) {
            running.remove(message.id(), answer);
            throw e;
        }
        Thread.ofVirtual().name("snoozy-answer").start(() -> write(answer, ask));
    }

    private void write(Running answer, Ask ask) {
        Keeping keeping = new Keeping(answer.message());
        Message end;
        try {
            Written written =
                    author.write(
                            ask,
                            answer.stop(),
                            (content, reasoning, ids, tokens) -> {
                                keeping.add(content, reasoning, ids, tokens);
                                answer.add(content, reasoning, tokens);
                            });
            String finish = answer.isInterrupted() ? "interrupted" : written.finish();
            end = keeping.whole(written.model(), written.digest(), written.stats(), finish, "");
        } catch (HttpProblem | ModelException | StoreException e) {
            end = keeping.broken(answer, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an answer failed", e);
            end = keeping.broken(answer, "the answer failed inside; the log says why");
        }
        try {
            writings.end(end);
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "an answer was not ended: {0}", e.getMessage());
        }
        answer.end(end);
        running.remove(answer.message().id());
    }

    /** What has come of an answer. */
    private final class Keeping {
        private final Message message;
        private final StringBuilder content;
        private final StringBuilder reasoning;
        private final ArrayNode ids;
        private final @Nullable ArrayNode tokens;
        private int pieces;

        Keeping(Message message) {
            this.message = message;
            content = new StringBuilder(message.content());
            reasoning = new StringBuilder(message.reasoning());
            ids = message.ids().deepCopy();
            tokens = message.tokens() == null ? null : message.tokens().deepCopy();
        }

        void add(String more, String thought, ArrayNode newIds, @Nullable ArrayNode newTokens) {
            writings.append(
                    message.id(), pieces, new Writings.Piece(more, thought, newIds, newTokens));
            pieces++;
            content.append(more);
            reasoning.append(thought);
            ids.addAll(newIds);
            if (tokens != null && newTokens != null) {
                tokens.addAll(newTokens);
            }
        }

        Message whole(String model, String digest, ObjectNode stats, String finish, String error) {
            return message.with(
                    content.toString(),
                    reasoning.toString(),
                    ids,
                    tokens,
                    message.answer().ended(model, digest, stats, finish, error),
                    Message.DONE);
        }

        Message broken(Running answer, String why) {
            String finish =
                    answer.isInterrupted()
                            ? "interrupted"
                            : answer.stop().isStopped() ? "cancelled" : "error";
            Message.Answer so = message.answer();
            return whole(
                    so.model(), so.digest(), so.stats(), finish, finish.equals("error") ? why : "");
        }
    }

    /** An answer, if it is in progress. */
    Optional<Running> find(String message) {
        return Optional.ofNullable(running.get(message));
    }

    /** Ends answers of a chat and waits for that. */
    void stopAllOf(String chat) {
        endAll(running.values().stream().filter(a -> a.message().chat().equals(chat)).toList());
    }

    private static void endAll(List<Running> answers) {
        answers.forEach(answer -> answer.stop().stop());
        try {
            for (Running answer : answers) {
                answer.awaitEnd(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all of them; they are interrupted. */
    @Override
    public void close() {
        List<Running> all = new ArrayList<>(running.values());
        all.forEach(Running::interrupt);
        endAll(all);
    }
}
