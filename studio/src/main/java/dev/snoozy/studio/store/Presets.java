package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** What models are told and how they answer, under names. Thread-safe. */
public final class Presets {
    private final Database database;

    public Presets(Database database) {
        this.database = database;
    }

    /** A preset. */
    public record Preset(String id, String name, String system, ObjectNode options) {
        /** As the page reads it. */
        public ObjectNode json() {
            ObjectNode node = Json.object();
            node.put("id", id).put("name", name).put("system", system);
            node.set("options", options);
            return node;
        }
    }

    /** All presets, by their names. */
    public List<Preset> all() {
        return database.read(session ->
                session.list(
                        "SELECT * FROM presets ORDER BY name COLLATE NOCASE, id",
                        row ->
                                new Preset(
                                        row.text("id"),
                                        row.text("name"),
                                        row.text("system"),
                                        Stored.object(row.text("options")))));
    }

    public Optional<Preset> find(String id) {
        return all().stream().filter(preset -> preset.id().equals(id)).findFirst();
    }

    /** Keeps a preset, under its id. */
    public void put(Preset preset) {
        database.write(session ->
                session.update(
                        "INSERT INTO presets(id, name, system, options, created) VALUES (?, ?, ?,"
                                + " ?, ?) ON CONFLICT(id) DO UPDATE SET name = excluded.name,"
                                + " system = excluded.system, options = excluded.options",
                        preset.id(),
                        preset.name(),
                        preset.system(),
                        Json.text(preset.options()),
                        System.currentTimeMillis()));
    }

    /** Removes a preset; false if it is gone. */
    public boolean remove(String id) {
        return database.write(
                session -> session.update("DELETE FROM presets WHERE id = ?", id) > 0);
    }
}
