package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * A conversation, without its messages. Immutable, but for the JSON that nobody changes.
 *
 * @param folder it lies in, or null
 * @param model that answers; "" for whichever is there
 * @param system what the model is told before all else; may be empty
 * @param options how answers are generated
 * @param leaf the message that the page shows last, or null
 * @param updated when something was last said
 */
public record Chat(
        String id,
        String title,
        @Nullable String folder,
        boolean pinned,
        String model,
        String system,
        ObjectNode options,
        @Nullable String leaf,
        Instant created,
        Instant updated) {
    /** A chat in which nothing has been said. */
    public static Chat begin(String title, String model, String system, ObjectNode options) {
        Instant now = Stored.now();
        return new Chat(Ids.next(), title, null, false, model, system, options, null, now, now);
    }

    /** As the page reads it. */
    public ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("title", title);
        node.put("folder", folder);
        node.put("pinned", pinned);
        node.put("model", model);
        node.put("system", system);
        node.set("options", options);
        node.put("leaf", leaf);
        node.put("created", created.toString());
        node.put("updated", updated.toString());
        return node;
    }

    /** With another time of the last change. */
    public Chat at(Instant begun, Instant changed) {
        return new Chat(id, title, folder, pinned, model, system, options, leaf, begun, changed);
    }

    /** Under another id, and with another title. */
    public Chat as(String newId, String newTitle) {
        return new Chat(
                newId, newTitle, folder, pinned, model, system, options, leaf, created, updated);
    }

    /** With another last message. */
    public Chat withLeaf(@Nullable String message) {
        return new Chat(
                id, title, folder, pinned, model, system, options, message, created, updated);
    }

    /** In a folder, and pinned or not. */
    public Chat in(@Nullable String otherFolder, boolean pin) {
        return new Chat(
                id, title, otherFolder, pin, model, system, options, leaf, created, updated);
    }
}
