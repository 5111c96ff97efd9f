package dev.snoozy.server.jobs;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A job as it is kept. Immutable, but for the JSON that nobody changes.
 *
 * @param title for people
 * @param request what was asked for, so that it can be asked for again
 * @param log the last lines
 * @param rows of what came out bit by bit
 * @param result what came of it, or null
 * @param error why it failed, or ""
 * @param started null while it waits
 * @param ended null until then
 */
public record JobRecord(
        String id,
        String kind,
        String title,
        ObjectNode request,
        State state,
        Progress progress,
        List<String> log,
        List<JsonNode> rows,
        @Nullable JsonNode result,
        String error,
        Instant created,
        @Nullable Instant started,
        @Nullable Instant ended) {
    /** What a job is at. */
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED,
        /** Somebody stopped it so that it goes on later. */
        PAUSED,
        /** The program ended while it waited or ran. */
        INTERRUPTED;

        /** Whether nothing more happens to it, unless it is asked for again. */
        public boolean isOver() {
            return this != QUEUED && this != RUNNING;
        }

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How far it is.
     *
     * @param total 0 if it is not known
     * @param eta seconds that are left, by the time it took so far; negative if that is not known
     */
    public record Progress(long done, long total, String unit, long eta) {
        /** Nothing done yet. */
        public static final Progress NONE = new Progress(0, 0, "", -1);

        ObjectNode json() {
            ObjectNode node = Json.object();
            node.put("done", done).put("total", total).put("unit", unit);
            return eta < 0 ? node.putNull("eta") : node.put("eta", eta);
        }
    }

    public JobRecord {
        log = List.copyOf(log);
        rows = List.copyOf(rows);
    }

    /** As it is written for the page, and kept. */
    public ObjectNode json() {
        ObjectNode node = summary();
        ArrayNode lines = node.putArray("log");
        log.forEach(lines::add);
        if (!rows.isEmpty()) {
            node.putArray("rows").addAll(rows);
        }
        if (result != null) {
            node.set("result", result);
        }
        return node;
    }

    /** What a list tells of it: all but what grows while it runs, and what came of it. */
    public ObjectNode summary() {
        ObjectNode node = Json.object();
        node.put("id", id).put("kind", kind).put("title", title);
        node.set("request", request);
        node.put("state", state.word());
        node.set("progress", progress.json());
        node.put("error", error.isEmpty() ? null : error);
        node.put("created", created.toString());
        node.put("started", started == null ? null : started.toString());
        node.put("ended", ended == null ? null : ended.toString());
        return node;
    }

    /** The job that {@link #json} has written. */
    public static JobRecord of(ObjectNode node) {
        List<String> log = new ArrayList<>();
        node.path("log").forEach(line -> log.add(line.asString("")));
        List<JsonNode> rows = new ArrayList<>();
        node.path("rows").forEach(rows::add);
        JsonNode progress = node.path("progress");
        return new JobRecord(
                node.path("id").asString(""),
                node.path("kind").asString(""),
                node.path("title").asString(""),
                node.path("request") instanceof ObjectNode request ? request : Json.object(),
                State.valueOf(node.path("state").asString("").toUpperCase(Locale.ROOT)),
                new Progress(
                        progress.path("done").asLong(0),
                        progress.path("total").asLong(0),
                        progress.path("unit").asString(""),
                        progress.path("eta").asLong(-1)),
                log,
                rows,
                node.get("result"),
                node.path("error").asString(""),
                Instant.parse(node.path("created").asString("")),
                time(node.path("started")),
                time(node.path("ended")));
    }

    private static @Nullable Instant time(JsonNode node) {
        return node.isString() ? Instant.parse(node.asString()) : null;
    }

    /** The same job, interrupted. */
    JobRecord interrupted() {
        return new JobRecord(
                id,
                kind,
                title,
                request,
                State.INTERRUPTED,
                progress,
                log,
                rows,
                result,
                error,
                created,
                started,
                Instant.now());
    }
}
