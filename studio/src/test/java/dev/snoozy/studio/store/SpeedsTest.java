package dev.snoozy.studio.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

class SpeedsTest {
    @TempDir Path folder;
    private Database database;
    private int messages;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("snoozy.db"));
        Chat chat = Chat.begin("chat", "", "", Json.object());
        new Chats(database).add(chat);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void answered(int prompt, int cached, int tokens, double pp, double tg) {
        String stats =
                Json.text(
                        Json.object()
                                .put("promptTokens", prompt)
                                .put("cachedTokens", cached)
                                .put("tokens", tokens)
                                .put("promptPerSecond", pp)
                                .put("tokensPerSecond", tg));
        database.write(session ->
                session.update(
                        "INSERT INTO messages(id, chat, role, content, reasoning, attachments,"
                                + " model, digest, options, stats, error, state, created, ids)"
                                + " SELECT ?, id, 'assistant', '', '', '[]', 'm', '', '{}', ?, '',"
                                + " 'done', 0, '' FROM chats",
                        "message" + messages++,
                        stats));
    }

    private void measured(JobRecord.State state, long created, double pp, double tg) {
        new StoredJobs(database)
                .put(
                        new JobRecord(
                                "job" + created,
                                "bench",
                                "Measure m",
                                Json.object().put("model", "m"),
                                state,
                                JobRecord.Progress.NONE,
                                List.of(),
                                List.of(),
                                Json.object()
                                        .put("kernels", "scalar")
                                        .put("pp512", pp)
                                        .put("tg128", tg),
                                "",
                                Instant.ofEpochMilli(created),
                                null,
                                null));
    }

    @Test
    void nothingIsKnownOfAModelThatHasSaidNothingYet() {
        answered(100, 0, 15, 900, 90);
        assertThat(new Speeds(database).of("m")).isEmpty();
        assertThat(new Speeds(database).of("other")).isEmpty();
    }

    @Test
    void shortPromptsTellNothingOfReading() {
        answered(9, 0, 100, 53, 120);
        answered(200, 190, 100, 70, 100);
        assertThat(new Speeds(database).of("m")).contains(new Speeds.Speed(null, 110));
        answered(64, 0, 100, 800, 80);
        assertThat(new Speeds(database).of("m")).contains(new Speeds.Speed(800.0, 100));
    }

    @Test
    void whatWasMeasuredLastCountsMore() {
        answered(100, 0, 100, 800, 80);
        measured(JobRecord.State.DONE, 1, 2000.5, 150.25);
        measured(JobRecord.State.DONE, 2, 3000.5, 160.25);
        measured(JobRecord.State.FAILED, 3, 1, 1);
        assertThat(new Speeds(database).of("m")).contains(new Speeds.Speed(3000.5, 160.25));
        assertThat(new Speeds(database).of("other")).isEmpty();
    }
}
