package dev.snoozy.studio.store;

import java.util.List;

/** The keys by which programs are let in. Thread-safe. */
public final class Keys {
    private final Database database;

    public Keys(Database database) {
        this.database = database;
    }

    /**
     * A key.
     *
     * @param hash SHA-256 of it, in hexadecimal; the key itself is kept nowhere
     * @param created when it was made, in milliseconds since 1970
     * @param lastUsed the same of its last use, to the minute; 0 for never
     */
    public record Key(String id, String name, String hash, long created, long lastUsed) {}

    /** All, the oldest first. */
    public List<Key> all() {
        return database.read(session ->
                session.list(
                        "SELECT id, name, hash, created, COALESCE(last_used, 0) AS last_used FROM"
                                + " api_keys ORDER BY created, id",
                        row ->
                                new Key(
                                        row.text("id"),
                                        row.text("name"),
                                        row.text("hash"),
                                        row.number("created"),
                                        row.number("last_used"))));
    }

    /** Keeps a new one. */
    public void add(Key key) {
        database.write(session ->
                session.update(
                        "INSERT INTO api_keys(id, name, hash, created) VALUES (?, ?, ?, ?)",
                        key.id(),
                        key.name(),
                        key.hash(),
                        key.created()));
    }

    /** Notes that a key was used. */
    public void used(String id, long when) {
        database.write(session ->
                session.update("UPDATE api_keys SET last_used = ? WHERE id = ?", when, id));
    }

    /** Takes a key back; false if it is gone. */
    public boolean remove(String id) {
        return database.write(
                session -> session.update("DELETE FROM api_keys WHERE id = ?", id) > 0);
    }
}
