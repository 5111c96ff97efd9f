package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.List;

/** Lists of prompts under names. Thread-safe. */
public final class PromptSets {
    private final Database database;

    public PromptSets(Database database) {
        this.database = database;
    }

    /** A set. */
    public record PromptSet(String id, String name, List<String> prompts) {
        public PromptSet {
            prompts = List.copyOf(prompts);
        }
    }

    /** All sets, by their names. */
    public List<PromptSet> all() {
        return database.read(session ->
                session.list(
                        "SELECT * FROM prompt_sets ORDER BY name COLLATE NOCASE, id",
                        row -> {
                            List<String> prompts = new ArrayList<>();
                            Stored.array(row.text("prompts"))
                                    .forEach(prompt -> prompts.add(prompt.asString("")));
                            return new PromptSet(row.text("id"), row.text("name"), prompts);
                        }));
    }

    /** Keeps a set. */
    public PromptSet add(String name, List<String> prompts) {
        PromptSet set = new PromptSet(Ids.next(), name, prompts);
        ArrayNode array = Json.array();
        prompts.forEach(array::add);
        database.write(session ->
                session.update(
                        "INSERT INTO prompt_sets(id, name, prompts, created) VALUES (?, ?, ?, ?)",
                        set.id(),
                        name,
                        Json.text(array),
                        System.currentTimeMillis()));
        return set;
    }

    /** Removes a set; false if it is gone. */
    public boolean remove(String id) {
        return database.write(
                session -> session.update("DELETE FROM prompt_sets WHERE id = ?", id) > 0);
    }
}
