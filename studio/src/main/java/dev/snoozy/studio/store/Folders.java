package dev.snoozy.studio.store;

import java.util.List;

/** The folders that chats lie in. Thread-safe. */
public final class Folders {
    private final Database database;

    public Folders(Database database) {
        this.database = database;
    }

    /** A folder. */
    public record Folder(String id, String name) {}

    /** All folders, by their names. */
    public List<Folder> all() {
        return database.read(session ->
                session.list(
                        "SELECT id, name FROM folders ORDER BY name COLLATE NOCASE, id",
                        row -> new Folder(row.text("id"), row.text("name"))));
    }

    /** Makes a folder. */
    public Folder add(String name) {
        Folder folder = new Folder(Ids.next(), name);
        database.write(session ->
                session.update(
                        "INSERT INTO folders(id, name, created) VALUES (?, ?, ?)",
                        folder.id(),
                        name,
                        System.currentTimeMillis()));
        return folder;
    }

    /** Gives a folder another name; false if it is gone. */
    public boolean rename(String id, String name) {
        return database.write(session ->
                session.update("UPDATE folders SET name = ? WHERE id = ?", name, id) > 0);
    }

    /** Removes a folder; its chats stay, outside of any. False if it is gone. */
    public boolean remove(String id) {
        return database.write(
                session -> session.update("DELETE FROM folders WHERE id = ?", id) > 0);
    }
}
