package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/** How values lie in columns: JSON as its text, times in milliseconds. */
final class Stored {
    private Stored() {}

    static ObjectNode object(String text) {
        return Json.parse(text) instanceof ObjectNode object ? object : Json.object();
    }

    static ArrayNode array(String text) {
        return Json.parse(text) instanceof ArrayNode array ? array : Json.array();
    }

    static @Nullable ArrayNode arrayOrNull(@Nullable String text) {
        return text == null ? null : array(text);
    }

    static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : Json.text(node);
    }

    static Instant time(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    /** Now, as exactly as it is stored. */
    static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }
}
