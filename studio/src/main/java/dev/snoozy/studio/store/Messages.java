package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The messages of chats, which form trees. Thread-safe. */
public final class Messages {
    private static final int TITLE_LENGTH = 60;

    private final Database database;

    public Messages(Database database) {
        this.database = database;
    }

    /** All messages of a chat, in the order in which they came; those in progress as they are. */
    public List<Message> of(String chat) {
        return database.read(session -> of(session, chat));
    }

    static List<Message> of(Session session, String chat) throws SQLException {
        return Writings.withPieces(
                session,
                session.list(
                        "SELECT * FROM messages WHERE chat = ? ORDER BY number",
                        Messages::message,
                        chat));
    }

    public Optional<Message> find(String chat, String id) {
        return database.read(session -> find(session, chat, id));
    }

    static Optional<Message> find(Session session, String chat, String id) throws SQLException {
        return Writings.withPieces(
                        session,
                        session.list(
                                "SELECT * FROM messages WHERE id = ? AND chat = ?",
                                Messages::message,
                                id,
                                chat))
                .stream()
                .findFirst();
    }

    /** The messages from the first to this one; none if there is no such message. */
    public List<Message> path(String chat, String leaf) {
        return database.read(session -> path(session, chat, leaf));
    }

    static List<Message> path(Session session, String chat, String leaf) throws SQLException {
        // The depth ends what a parent of itself, of a file that somebody changed, would not.
        return Writings.withPieces(
                session,
                session.list(
                        "WITH RECURSIVE up(id, parent, depth) AS (SELECT id, parent, 0 FROM"
                                + " messages WHERE id = ? AND chat = ? UNION ALL SELECT m.id,"
                                + " m.parent, depth + 1 FROM messages m, up WHERE m.id = up.parent"
                                + " AND depth < 100000) SELECT m.* FROM messages m, up WHERE m.id ="
                                + " up.id ORDER BY depth DESC",
                        Messages::message,
                        leaf,
                        chat));
    }

    static Message message(Session.Row row) throws SQLException {
        return new Message(
                row.text("id"),
                row.text("chat"),
                row.textOrNull("parent"),
                row.text("role"),
                row.text("content"),
                row.text("reasoning"),
                Stored.array(row.text("attachments")),
                new Message.Answer(
                        row.text("model"),
                        row.text("digest"),
                        row.numberOrNull("seed"),
                        Stored.object(row.text("options")),
                        Stored.object(row.text("stats")),
                        row.textOrNull("finish"),
                        row.text("error")),
                row.text("state"),
                Stored.time(row.number("created")),
                Stored.array(row.text("ids")),
                Stored.arrayOrNull(row.textOrNull("tokens")));
    }

    /**
     * Adds a message, which becomes the last one that the page shows; the first one of a chat
     * without a title gives it its own.
     *
     * @return whether it was added: not if chat or parent are gone
     */
    public boolean add(Message message) {
        return database.write(session -> {
            String parent = message.parent();
            boolean there =
                    Chats.find(session, message.chat()).isPresent()
                            && (parent == null
                                    || find(session, message.chat(), parent).isPresent());
            if (there) {
                insert(session, message);
                session.update(
                        "UPDATE chats SET leaf = ?, updated = ? WHERE id = ?",
                        message.id(),
                        System.currentTimeMillis(),
                        message.chat());
                session.update(
                        "UPDATE chats SET title = ? WHERE id = ? AND title = ''",
                        message.role().equals("user") ? title(message.content()) : "",
                        message.chat());
            }
            return there;
        });
    }

    /** The beginning of a text, cut between words. */
    public static String title(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.codePointCount(0, line.length()) <= TITLE_LENGTH) {
            return line;
        }
        String cut = line.substring(0, line.offsetByCodePoints(0, TITLE_LENGTH));
        int space = cut.lastIndexOf(' ');
        return (space > TITLE_LENGTH / 2 ? cut.substring(0, space) : cut) + "…";
    }

    static int insert(Session session, Message message) throws SQLException {
        Message.Answer answer = message.answer();
        return session.update(
                "INSERT INTO messages(id, chat, parent, role, content, reasoning, attachments,"
                        + " model, digest, seed, options, stats, finish, error, state, created,"
                        + " ids, tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                        + " ?)",
                message.id(),
                message.chat(),
                message.parent(),
                message.role(),
                message.content(),
                message.reasoning(),
                Json.text(message.attachments()),
                answer.model(),
                answer.digest(),
                answer.seed(),
                Json.text(answer.options()),
                Json.text(answer.stats()),
                answer.finish(),
                answer.error(),
                message.state(),
                message.created().toEpochMilli(),
                Json.text(message.ids()),
                Stored.text(message.tokens()));
    }

    /** Replaces what was said; what is known of its tokens goes. False if it is gone. */
    public boolean edit(String chat, String id, String content) {
        return database.write(session ->
                session.update(
                                "UPDATE messages SET content = ?, ids = '[]', tokens = NULL WHERE"
                                        + " id = ? AND chat = ? AND state = 'done'",
                                content,
                                id,
                                chat)
                        > 0);
    }

    /**
     * Removes a message with all that follows from it. The page then shows its parent last.
     *
     * @return whether it was there
     */
    public boolean remove(String chat, String id) {
        return database.write(session -> {
            Optional<Message> found = find(session, chat, id);
            if (found.isEmpty()) {
                return false;
            }
            String below =
                    "WITH RECURSIVE down(id) AS (SELECT ? UNION SELECT m.id FROM messages m, down"
                            + " WHERE m.parent = down.id) ";
            session.update(
                    below
                            + "UPDATE chats SET leaf = ? WHERE id = ? AND leaf IN (SELECT id FROM"
                            + " down)",
                    id,
                    leafAfter(session, found.get()),
                    chat);
            session.update(below + "DELETE FROM messages WHERE id IN (SELECT id FROM down)", id);
            return true;
        });
    }

    /** The parent; for a first message another first one. */
    private static @Nullable String leafAfter(Session session, Message gone) throws SQLException {
        if (gone.parent() != null) {
            return gone.parent();
        }
        return session.first(
                        "SELECT id FROM messages WHERE chat = ? AND parent IS NULL AND id <> ?"
                                + " ORDER BY number DESC LIMIT 1",
                        row -> row.text("id"),
                        gone.chat(),
                        gone.id())
                .orElse(null);
    }
}
