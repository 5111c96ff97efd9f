package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chats. Thread-safe. */
public final class Chats {
    private static final String COLUMNS =
            "id, title, folder, pinned, model, system, options, leaf, created, updated";

    private final Database database;

    public Chats(Database database) {
        this.database = database;
    }

    /**
     * A chat in a list.
     *
     * @param messages how many it has, in all branches
     * @param writing whether a model is at an answer in it
     */
    public record Line(Chat chat, long messages, boolean writing) {}

    /**
     * Which chats are listed.
     *
     * @param folder of this folder only; "" for all
     * @param pinned pinned ones or others only; null for all
     * @param before only those that come after this place ({@link #place}); "" for all
     * @param limit the most
     */
    public record Filter(String folder, @Nullable Boolean pinned, String before, int limit) {}

    /** Where a chat stands in the list; a later call goes on from here. */
    public static String place(Chat chat) {
        return chat.updated().toEpochMilli() + "-" + chat.id();
    }

    /** Chats, those that changed last first. */
    public List<Line> list(Filter filter) {
        List<Object> values = new ArrayList<>();
        StringBuilder where = new StringBuilder("1");
        if (!filter.folder().isEmpty()) {
            where.append(" AND folder = ?");
            values.add(filter.folder());
        }
        if (filter.pinned() != null) {
            where.append(" AND pinned = ?");
            values.add(filter.pinned() ? 1 : 0);
        }
        String[] before = filter.before().split("-", 2);
        if (before.length == 2 && before[0].matches("\\d{1,18}")) {
            where.append(" AND (updated, id) < (?, ?)");
            values.add(Long.parseLong(before[0]));
            values.add(before[1]);
        }
        values.add(filter.limit());
        String sql =
                "SELECT "
                        + COLUMNS
                        + ", (SELECT count(*) FROM messages WHERE chat = chats.id) AS messages"
                        + ", (SELECT count(*) FROM messages WHERE chat = chats.id AND state ="
                        + " 'writing') AS writing FROM chats WHERE "
                        + where
                        + " ORDER BY updated DESC, id DESC LIMIT ?";
        return database.read(session ->
                session.list(
                        sql,
                        row -> new Line(chat(row), row.number("messages"), row.flag("writing")),
                        values.toArray()));
    }

    /** All chats, the oldest first. */
    public List<Chat> all() {
        return database.read(session ->
                session.list(
                        "SELECT " + COLUMNS + " FROM chats ORDER BY created, id", Chats::chat));
    }

    public Optional<Chat> find(String id) {
        return database.read(session -> find(session, id));
    }

    static Optional<Chat> find(Session session, String id) throws SQLException {
        return session.first("SELECT " + COLUMNS + " FROM chats WHERE id = ?", Chats::chat, id);
    }

    private static Chat chat(Session.Row row) throws SQLException {
        return new Chat(
                row.text("id"),
                row.text("title"),
                row.textOrNull("folder"),
                row.flag("pinned"),
                row.text("model"),
                row.text("system"),
                Stored.object(row.text("options")),
                row.textOrNull("leaf"),
                Stored.time(row.number("created")),
                Stored.time(row.number("updated")));
    }

    /** Adds a chat. */
    public void add(Chat chat) {
        database.write(session -> insert(session, chat));
    }

    private static int insert(Session session, Chat chat) throws SQLException {
        return session.update(
                "INSERT INTO chats(" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                chat.id(),
                chat.title(),
                chat.folder(),
                chat.pinned() ? 1 : 0,
                chat.model(),
                chat.system(),
                Json.text(chat.options()),
                chat.leaf(),
                chat.created().toEpochMilli(),
                chat.updated().toEpochMilli());
    }

    /** Adds a chat with its messages, parents before children. */
    public void add(Chat chat, List<Message> messages) {
        database.write(session -> {
            insert(session, chat);
            for (Message message : messages) {
                Messages.insert(session, message);
            }
            return messages.size();
        });
    }

    /** Changes all of a chat but its times; false if it is gone. */
    public boolean change(Chat chat) {
        return database.write(session ->
                session.update(
                                "UPDATE chats SET title = ?, folder = ?, pinned = ?, model = ?,"
                                        + " system = ?, options = ?, leaf = ? WHERE id = ?",
                                chat.title(),
                                chat.folder(),
                                chat.pinned() ? 1 : 0,
                                chat.model(),
                                chat.system(),
                                Json.text(chat.options()),
                                chat.leaf(),
                                chat.id())
                        > 0);
    }

    /** Removes a chat and all that was said in it; false if it is gone already. */
    public boolean remove(String id) {
        return database.write(session -> session.update("DELETE FROM chats WHERE id = ?", id) > 0);
    }

    /**
     * A copy of a chat.
     *
     * @param upTo the message with which the copy ends, without other branches; "" for the whole
     *     tree
     * @return the copy, or nothing if there is no such chat or message
     */
    public Optional<Chat> copy(String id, String upTo) {
        return database.write(session -> {
            Optional<Chat> found = find(session, id);
            if (found.isEmpty()) {
                return found;
            }
            List<Message> messages =
                    upTo.isEmpty() ? Messages.of(session, id) : Messages.path(session, id, upTo);
            if (messages.isEmpty() && !upTo.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> names = new HashMap<>();
            messages.forEach(message -> names.put(message.id(), Ids.next()));
            Instant now = Stored.now();
            String leaf = upTo.isEmpty() ? found.get().leaf() : upTo;
            Chat copy =
                    found.get()
                            .as(Ids.next(), found.get().title())
                            .withLeaf(leaf == null ? null : names.get(leaf))
                            .at(now, now);
            insert(session, copy);
            for (Message message : messages) {
                String parent = message.parent();
                Messages.insert(
                        session,
                        Writings.whole(message)
                                .as(
                                        names.getOrDefault(message.id(), Ids.next()),
                                        copy.id(),
                                        parent == null ? null : names.get(parent)));
            }
            return Optional.of(copy);
        });
    }
}
