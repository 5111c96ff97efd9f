package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers in progress: each piece is committed before anybody is shown it, so that no more is lost
 * than what was not whole yet. Thread-safe; each message has one writer.
 */
public final class Writings {
    private final Database database;

    public Writings(Database database) {
        this.database = database;
    }

    /**
     * A piece of an answer.
     *
     * @param ids the tokens since the piece before
     * @param tokens those with their probabilities, or null
     */
    public record Piece(
            String content, String reasoning, ArrayNode ids, @Nullable ArrayNode tokens) {}

    /** Keeps a piece. */
    public void append(String message, int number, Piece piece) {
        database.write(session ->
                session.update(
                        "INSERT INTO pieces(message, number, content, reasoning, ids, tokens)"
                                + " VALUES (?, ?, ?, ?, ?, ?)",
                        message,
                        number,
                        piece.content(),
                        piece.reasoning(),
                        Json.text(piece.ids()),
                        Stored.text(piece.tokens())));
    }

    /** Makes a message that was whole one in progress again. False if it is gone. */
    public boolean reopen(Message message) {
        return database.write(session ->
                session.update(
                                "UPDATE messages SET state = 'writing', finish = NULL, error = '',"
                                        + " seed = ?, options = ? WHERE id = ? AND state = 'done'",
                                message.answer().seed(),
                                Json.text(message.answer().options()),
                                message.id())
                        > 0);
    }

    /** Ends a message: its pieces become one text. Nothing happens if it is gone. */
    public void end(Message message) {
        database.write(session -> {
            store(session, message);
            return message;
        });
    }

    private static void store(Session session, Message message) throws SQLException {
        Message.Answer answer = message.answer();
        session.update(
                "UPDATE messages SET content = ?, reasoning = ?, model = ?, digest = ?, seed = ?,"
                        + " stats = ?, finish = ?, error = ?, state = ?, ids = ?, tokens = ? WHERE"
                        + " id = ?",
                message.content(),
                message.reasoning(),
                answer.model(),
                answer.digest(),
                answer.seed(),
                Json.text(answer.stats()),
                answer.finish(),
                answer.error(),
                Message.DONE,
                Json.text(message.ids()),
                Stored.text(message.tokens()),
                message.id());
        session.update("DELETE FROM pieces WHERE message = ?", message.id());
    }

    /** Ends what an earlier process left in progress; returns how many messages those were. */
    public int interruptAll() {
        return database.write(session -> {
            List<Message> left =
                    withPieces(
                            session,
                            session.list(
                                    "SELECT * FROM messages WHERE state = 'writing'",
                                    Messages::message));
            for (Message message : left) {
                store(session, interrupted(message));
            }
            return left.size();
        });
    }

    private static Message interrupted(Message message) {
        Message.Answer answer = message.answer();
        return message.with(
                message.content(),
                message.reasoning(),
                message.ids(),
                message.tokens(),
                answer.ended(answer.model(), answer.digest(), answer.stats(), "interrupted", ""),
                Message.DONE);
    }

    /** A message as it is kept where nobody writes at it. */
    static Message whole(Message message) {
        return message.state().equals(Message.WRITING) ? interrupted(message) : message;
    }

    /** The messages, and what has been written of those in progress. */
    static List<Message> withPieces(Session session, List<Message> messages) throws SQLException {
        List<Message> list = new ArrayList<>(messages.size());
        for (Message message : messages) {
            list.add(
                    message.state().equals(Message.WRITING)
                            ? withPieces(session, message)
                            : message);
        }
        return list;
    }

    private static Message withPieces(Session session, Message message) throws SQLException {
        StringBuilder content = new StringBuilder(message.content());
        StringBuilder reasoning = new StringBuilder(message.reasoning());
        ArrayNode ids = message.ids().deepCopy();
        ArrayNode tokens = message.tokens() == null ? null : message.tokens().deepCopy();
        List<Piece> pieces =
                session.list(
                        "SELECT * FROM pieces WHERE message = ? ORDER BY number",
                        row ->
                                new Piece(
                                        row.text("content"),
                                        row.text("reasoning"),
                                        Stored.array(row.text("ids")),
                                        Stored.arrayOrNull(row.textOrNull("tokens"))),
                        message.id());
        for (Piece piece : pieces) {
            content.append(piece.content());
            reasoning.append(piece.reasoning());
            ids.addAll(piece.ids());
            if (tokens != null && piece.tokens() != null) {
                tokens.addAll(piece.tokens());
            }
        }
        return message.with(
                content.toString(),
                reasoning.toString(),
                ids,
                tokens,
                message.answer(),
                message.state());
    }
}
