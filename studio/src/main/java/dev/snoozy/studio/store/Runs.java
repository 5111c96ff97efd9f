package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The runs of the laboratory and their results. Thread-safe. */
public final class Runs {
    private final Database database;

    public Runs(Database database) {
        this.database = database;
    }

    /**
     * A run.
     *
     * @param request what was asked for, whole, so that it can be asked for again
     * @param state {@code running}, {@code done}, {@code cancelled} or {@code interrupted}
     * @param repeatOf the run that this one repeats, or null
     */
    public record Run(
            String id,
            String kind,
            ObjectNode request,
            long seed,
            String state,
            @Nullable String repeatOf,
            Instant created,
            @Nullable Instant ended) {
        /** A run that begins. */
        public static Run begin(
                String kind, ObjectNode request, long seed, @Nullable String repeatOf) {
            return new Run(
                    Ids.next(), kind, request, seed, "running", repeatOf, Stored.now(), null);
        }

        /** As the page reads it, without its cells. */
        public ObjectNode json() {
            ObjectNode node = request.deepCopy();
            node.put("id", id).put("kind", kind).put("seed", seed).put("state", state);
            node.put("repeatOf", repeatOf);
            node.put("created", created.toString());
            node.put("ended", ended == null ? null : ended.toString());
            return node;
        }
    }

    /**
     * One answer of a run.
     *
     * @param number its place in the run
     * @param column which model and settings
     * @param prompt which prompt
     * @param round which of the repetitions
     * @param result what came of it
     * @param state {@code queued}, {@code writing}, {@code done}
     */
    public record Cell(
            String id,
            String run,
            int number,
            int column,
            int prompt,
            int round,
            ObjectNode result,
            String state) {
        /** A cell that waits. */
        public static Cell queued(String run, int number, int column, int prompt, int round) {
            return new Cell(
                    Ids.next(), run, number, column, prompt, round, Json.object(), "queued");
        }

        /** What came of it. */
        public Cell with(ObjectNode outcome, String newState) {
            return new Cell(id, run, number, column, prompt, round, outcome, newState);
        }

        /** As the page reads it. */
        public ObjectNode json() {
            ObjectNode node = result.deepCopy();
            node.put("id", id).put("column", column).put("prompt", prompt).put("round", round);
            node.put("state", state);
            return node;
        }
    }

    /** Keeps a run with its cells. */
    public void add(Run run, List<Cell> cells) {
        database.write(session -> {
            session.update(
                    "INSERT INTO runs(id, kind, request, seed, state, repeat_of, created, ended)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                    run.id(),
                    run.kind(),
                    Json.text(run.request()),
                    run.seed(),
                    run.state(),
                    run.repeatOf(),
                    run.created().toEpochMilli());
            for (Cell cell : cells) {
                session.update(
                        "INSERT INTO cells(id, run, number, place, prompt, round, result, state)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        cell.id(),
                        cell.run(),
                        cell.number(),
                        cell.column(),
                        cell.prompt(),
                        cell.round(),
                        Json.text(cell.result()),
                        cell.state());
            }
            return cells;
        });
    }

    /** Keeps what came of a cell. */
    public void put(Cell cell) {
        database.write(session ->
                session.update(
                        "UPDATE cells SET result = ?, state = ? WHERE id = ?",
                        Json.text(cell.result()),
                        cell.state(),
                        cell.id()));
    }

    /** Says how a run ended. */
    public void end(String run, String state) {
        database.write(session ->
                session.update(
                        "UPDATE runs SET state = ?, ended = ? WHERE id = ?",
                        state,
                        System.currentTimeMillis(),
                        run));
    }

    /** Ends what an earlier process left. */
    public void interruptAll() {
        database.write(session -> {
            session.update(
                    "UPDATE cells SET state = 'interrupted' WHERE state IN ('queued', 'writing')");
            return session.update(
                    "UPDATE runs SET state = 'interrupted', ended = ? WHERE state = 'running'",
                    System.currentTimeMillis());
        });
    }

    /**
     * Runs, the newest first.
     *
     * @param kind of this kind only; "" for all
     */
    public List<Run> list(String kind, int limit) {
        return database.read(session ->
                session.list(
                        "SELECT * FROM runs WHERE ? IN ('', kind) ORDER BY created DESC, id LIMIT"
                                + " ?",
                        Runs::run,
                        kind,
                        limit));
    }

    public Optional<Run> find(String id) {
        return database.read(
                session -> session.first("SELECT * FROM runs WHERE id = ?", Runs::run, id));
    }

    private static Run run(Session.Row row) throws SQLException {
        Long ended = row.numberOrNull("ended");
        return new Run(
                row.text("id"),
                row.text("kind"),
                Stored.object(row.text("request")),
                row.number("seed"),
                row.text("state"),
                row.textOrNull("repeat_of"),
                Stored.time(row.number("created")),
                ended == null ? null : Stored.time(ended));
    }

    /** The cells of a run, in their order. */
    public List<Cell> cells(String run) {
        return database.read(session ->
                session.list("SELECT * FROM cells WHERE run = ? ORDER BY number", Runs::cell, run));
    }

    /** A cell of any run. */
    public Optional<Cell> cell(String id) {
        return database.read(
                session -> session.first("SELECT * FROM cells WHERE id = ?", Runs::cell, id));
    }

    private static Cell cell(Session.Row row) throws SQLException {
        return new Cell(
                row.text("id"),
                row.text("run"),
                (int) row.number("number"),
                (int) row.number("place"),
                (int) row.number("prompt"),
                (int) row.number("round"),
                Stored.object(row.text("result")),
                row.text("state"));
    }

    /** Removes a run; false if it is gone. */
    public boolean remove(String id) {
        return database.write(session -> session.update("DELETE FROM runs WHERE id = ?", id) > 0);
    }
}
