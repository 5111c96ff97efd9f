package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The settings of the page. Thread-safe. */
public final class Settings {
    private final Database database;

    public Settings(Database database) {
        this.database = database;
    }

    /** All that were made. */
    public ObjectNode all() {
        ObjectNode node = Json.object();
        database.read(session ->
                session.list(
                        "SELECT name, value FROM settings ORDER BY name",
                        row -> node.set(row.text("name"), Json.parse(row.text("value")))));
        return node;
    }

    /** Changes some; null takes one back. */
    public void put(ObjectNode changes) {
        database.write(session -> {
            for (var change : changes.properties()) {
                JsonNode value = change.getValue();
                if (value.isNull()) {
                    session.update("DELETE FROM settings WHERE name = ?", change.getKey());
                } else {
                    session.update(
                            "INSERT INTO settings(name, value) VALUES (?, ?) ON CONFLICT(name) DO"
                                    + " UPDATE SET value = excluded.value",
                            change.getKey(),
                            Json.text(value));
                }
            }
            return changes;
        });
    }
}
