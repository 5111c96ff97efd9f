package dev.snoozy.studio.store;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Optional;

/** How fast models are on this machine. Thread-safe. */
public final class Speeds {
    /** Shorter answers say little. */
    private static final int LEAST_TOKENS = 16;

    /** Of shorter prompts, most of the time is what every answer takes to begin. */
    private static final int LEAST_PROMPT = 64;

    private static final String MEASURED =
            """
            SELECT (SELECT cast(1000 * value AS INTEGER) FROM json_each(record, '$.result')
                    WHERE key LIKE 'pp%') AS prompt,
                   (SELECT cast(1000 * value AS INTEGER) FROM json_each(record, '$.result')
                    WHERE key LIKE 'tg%') AS generated
            FROM jobs
            WHERE kind = 'bench' AND state = 'done' AND json_extract(record, '$.request.model') = ?
            ORDER BY created DESC LIMIT 1
            """;

    private static final String ANSWERED =
            """
            SELECT cast(1000 * avg(p) AS INTEGER) AS prompt, cast(1000 * avg(g) AS INTEGER) AS generated
            FROM (SELECT CASE WHEN json_extract(stats, '$.promptTokens')
                                   - json_extract(stats, '$.cachedTokens') >= ?
                              THEN json_extract(stats, '$.promptPerSecond') END AS p,
                         json_extract(stats, '$.tokensPerSecond') AS g
                  FROM messages
                  WHERE model = ? AND json_extract(stats, '$.tokens') >= ?
                  ORDER BY number DESC LIMIT 5)
            HAVING count(*) > 0
            """;

    private final Database database;

    public Speeds(Database database) {
        this.database = database;
    }

    /**
     * Tokens per second.
     *
     * @param prompt of the prompt; null if that is not known
     * @param generated of the answer
     */
    public record Speed(@Nullable Double prompt, double generated) {
        private static Speed of(Session.Row row) throws SQLException {
            Long prompt = row.numberOrNull("prompt");
            return new Speed(prompt == null ? null : prompt / 1e3, row.number("generated") / 1e3);
        }
    }

    /**
     * What was measured last ({@code bench}); of a model that was not, the means of its last
     * answers, if there are any.
     */
    public Optional<Speed> of(String model) {
        return database.read(session -> {
            Optional<Speed> measured = session.first(MEASURED, Speed::of, model);
            return measured.isPresent()
                    ? measured
                    : session.first(ANSWERED, Speed::of, LEAST_PROMPT, model, LEAST_TOKENS);
        });
    }
}
