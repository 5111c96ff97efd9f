package dev.snoozy.studio.store;

import java.util.Optional;

/** How fast models have answered on this machine. Thread-safe. */
public final class Speeds {
    /** Shorter answers say little. */
    private static final int LEAST_TOKENS = 16;

    private final Database database;

    public Speeds(Database database) {
        this.database = database;
    }

    /** Tokens per second, of prompts and generated. */
    public record Speed(double prompt, double generated) {}

    /** The means of the last answers of a model, if there are any. */
    public Optional<Speed> of(String model) {
        return database.read(session ->
                session.first(
                        "SELECT cast(1000 * avg(p) AS INTEGER) AS prompt, cast(1000 * avg(g) AS"
                                + " INTEGER) AS generated FROM (SELECT"
                                + " json_extract(stats, '$.promptPerSecond') AS p,"
                                + " json_extract(stats, '$.tokensPerSecond') AS g FROM messages"
                                + " WHERE model = ? AND json_extract(stats, '$.tokens') >= ? ORDER"
                                + " BY number DESC LIMIT 5) HAVING count(*) > 0",
                        row -> new Speed(row.number("prompt") / 1e3, row.number("generated") / 1e3),
                        model,
                        LEAST_TOKENS));
    }
}
