package dev.snoozy.studio.web;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the stub keeps, in memory. Guarded by itself. */
final class StubState {
    final ObjectNode settings = Json.object();
    final Map<String, ObjectNode> presets = new LinkedHashMap<>();
    final Map<String, ObjectNode> folders = new LinkedHashMap<>();
    final Map<String, ObjectNode> chats = new LinkedHashMap<>();
    final Map<String, Map<String, ObjectNode>> messages = new LinkedHashMap<>();
    final Map<String, StubWriting> writings = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    /** Whether no setting is taken. */
    volatile boolean refusesSettings;

    void refuseSettings() {
        if (refusesSettings) {
            throw new HttpProblem(Kind.FAILED, "the disk is full");
        }
    }

    String id(String prefix) {
        return prefix + ids.incrementAndGet();
    }

    static String now() {
        return Instant.now().toString();
    }

    static ObjectNode need(Map<String, ObjectNode> all, String id) {
        ObjectNode found = all.get(id);
        if (found == null) {
            throw new HttpProblem(Kind.NOT_FOUND, "there is no " + id);
        }
        return found;
    }

    static synchronized ObjectNode list(String name, Iterable<ObjectNode> nodes) {
        ObjectNode answer = Json.object();
        ArrayNode array = answer.putArray(name);
        nodes.forEach(node -> array.add(node.deepCopy()));
        return answer;
    }

    /**
     * Changes the fields of one object to those of another.
     *
     * @return a copy, which can be written out while others change the object
     */
    static synchronized ObjectNode merge(ObjectNode into, JsonNode changes) {
        changes.properties().forEach(e -> into.set(e.getKey(), e.getValue()));
        return into.deepCopy();
    }

    void stopAll() {
        writings.values().forEach(StubWriting::stop);
    }
}
