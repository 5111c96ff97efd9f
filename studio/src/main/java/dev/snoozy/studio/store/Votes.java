package dev.snoozy.studio.store;

import java.util.List;

/** Which of two answers somebody found better. Thread-safe. */
public final class Votes {
    private final Database database;

    public Votes(Database database) {
        this.database = database;
    }

    /**
     * A vote.
     *
     * @param winner {@code left}, {@code right} or {@code tie}
     */
    public record Vote(String left, String right, String winner) {}

    /** Keeps a vote on two answers of a run. */
    public void add(String run, Vote vote) {
        database.write(session ->
                session.update(
                        "INSERT INTO votes(id, run, left_name, right_name, winner, created) VALUES"
                                + " (?, ?, ?, ?, ?, ?)",
                        Ids.next(),
                        run,
                        vote.left(),
                        vote.right(),
                        vote.winner(),
                        System.currentTimeMillis()));
    }

    /** All votes, the oldest first. */
    public List<Vote> all() {
        return database.read(session ->
                session.list(
                        "SELECT left_name, right_name, winner FROM votes ORDER BY created, id",
                        row ->
                                new Vote(
                                        row.text("left_name"),
                                        row.text("right_name"),
                                        row.text("winner"))));
    }
}
