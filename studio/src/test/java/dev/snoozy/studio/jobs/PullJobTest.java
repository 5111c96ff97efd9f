package dev.snoozy.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.HubModels;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.testkit.hub.HubStub;
import dev.snoozy.testkit.hub.StubFault;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models are fetched and imported as jobs. */
class PullJobTest {
    /** Large enough to be stopped on the way. */
    private static final byte[] MODEL =
            TinyModel.llama().with("general.description", "badger ".repeat(600_000)).bytes();

    private static final String ASKED = "{'kind':'pull','reference':'user/Tiny-GGUF:Q4_K_M'}";

    @TempDir private Path home;
    private final HubStub stub = HubStub.start();
    private HubModels models;
    private StudioRig rig;

    @BeforeEach
    void start() throws IOException {
        stub.with("user/Tiny-GGUF", "tiny-Q4_K_M.gguf", MODEL)
                .with("user/Tiny-GGUF", "tiny-Q8_0.gguf", TinyModel.llama().bytes());
        models = HubModels.in(home, stub);
        rig = models.studio(home);
    }

    @AfterEach
    void stop() {
        rig.close();
        models.close();
        stub.close();
    }

    private String begin(String body) {
        StudioRig.Reply reply = rig.post("/jobs", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return "/jobs/" + reply.json().path("id").asString();
    }

    private JsonNode end(String job) {
        return rig.done(job + "/events");
    }

    /** Follows a job until bytes have come, and says how many. */
    private long someBytes(String job) {
        return rig.events(
                        job + "/events",
                        event ->
                                event.data().path("done").asLong() > 0
                                        || event.name().equals("done"))
                .getLast()
                .data()
                .path("done")
                .asLong();
    }

    @Test
    void aModelIsFetchedAndThere() {
        JsonNode job = end(begin(ASKED));
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
        assertThat(job.path("goesOn").asBoolean()).isTrue();
        assertThat(job.path("progress").path("done").asLong()).isEqualTo(MODEL.length);
        assertThat(job.path("result").path("name").asString()).isEqualTo("user/Tiny-GGUF:Q4_K_M");
        assertThat(job.path("log").toString())
                .contains("fetching tiny-Q4_K_M.gguf", "verifying tiny-Q4_K_M.gguf");
        JsonNode list = rig.get("/models").json().path("models");
        assertThat(list.get(0).path("name").asString()).isEqualTo("user/Tiny-GGUF:Q4_K_M");
        JsonNode offers = rig.get("/hub/repository?name=user/Tiny-GGUF").json().path("offers");
        assertThat(offers.get(1).path("here").asBoolean()).as(offers.toString()).isTrue();
    }

    @Test
    void aPausedDownloadGoesOnWithWhatHasCome() throws IOException {
        stub.fault(StubFault.stalled(200_000));
        String job = begin(ASKED);
        assertThat(someBytes(job)).isPositive();
        assertThat(rig.post(job + "/pause", "{}").status()).isEqualTo(204);
        JsonNode paused = end(job);
        assertThat(paused.path("state").asString()).isEqualTo("paused");
        assertThat(paused.path("error").isNull()).isTrue();
        assertThat(rig.get("/models").json().path("models")).isEmpty();
        long kept;
        try (var files = Files.walk(home.resolve("models/.partial"))) {
            kept = files.filter(file -> file.toString().contains("Q4_K_M.gguf")).count();
        }
        assertThat(kept).isPositive();

        stub.fault(StubFault.NONE);
        JsonNode on = rig.post(job + "/resume", "{}").json();
        assertThat("/jobs/" + on.path("id").asString()).isEqualTo(job);
        JsonNode end = end(job);
        assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("done");
        assertThat(rig.get("/jobs").json().path("jobs")).hasSize(1);
        assertThat(rig.get("/models").json().path("models")).hasSize(1);
        assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(400);
    }

    @Test
    void aDownloadThatTheProcessLeftIsInterruptedAndGoesOn() throws IOException {
        stub.fault(StubFault.stalled(200_000));
        String job = begin(ASKED);
        assertThat(someBytes(job)).isPositive();
        rig.close();
        stub.fault(StubFault.NONE);
        rig = models.studio(home);
        JsonNode left = rig.get(job).json();
        assertThat(left.path("state").asString()).isEqualTo("interrupted");
        assertThat(left.path("goesOn").asBoolean()).isTrue();
        assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(200);
        assertThat(end(job).path("state").asString()).isEqualTo("done");
    }

    @Test
    void aDownloadThatFailsSaysWhy() {
        JsonNode job = end(begin("{'kind':'pull','reference':'user/Tiny-GGUF:Q2_K'}"));
        assertThat(job.path("state").asString()).isEqualTo("failed");
        assertThat(job.path("error").asString()).contains("found no model", "Q4_K_M, Q8_0");
        assertThat(rig.post("/jobs", "{'kind':'pull','reference':' '}").status()).isEqualTo(400);
        assertThat(rig.post("/jobs", "{'kind':'pull','reference':'file:///etc'}").status())
                .isEqualTo(400);
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    @Test
    void aFileIsUsedWhereItLiesOrCopied(@TempDir Path elsewhere) throws IOException {
        Path file = Files.write(elsewhere.resolve("own model.gguf"), MODEL);
        String path = quoted(file);
        JsonNode job = end(begin("{'kind':'import','path':'" + path + "'}"));
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
        assertThat(job.path("result").path("name").asString()).isEqualTo("own-model");
        JsonNode copy =
                end(begin("{'kind':'import','path':'" + path + "','name':'mine','copy':true}"));
        assertThat(copy.path("state").asString()).as(copy.toString()).isEqualTo("done");
        assertThat(copy.path("progress").path("done").asLong()).isEqualTo(MODEL.length);
        assertThat(models.all()).hasSize(2);
        assertThat(Files.isSameFile(models.find("own-model").orElseThrow().file(), file)).isTrue();
        assertThat(Files.isSameFile(models.find("mine").orElseThrow().file(), file)).isFalse();
    }

    @Test
    void whatCannotBeImportedIsRefusedByField(@TempDir Path elsewhere) throws IOException {
        Path text = Files.writeString(elsewhere.resolve("a.gguf"), "badgers");
        Path sound = Files.write(elsewhere.resolve("b.gguf"), TinyModel.llama().bytes());
        String[][] cases = {
            {"'path':'relative.gguf'", "path"},
            {"'path':'" + quoted(elsewhere.resolve("none.gguf")) + "'", "path"},
            {"'path':'" + quoted(text) + "'", "path"},
            {"'path':'" + quoted(elsewhere) + "'", "path"},
            {"'path':'" + quoted(sound) + "','name':'../up'", "name"},
            {"'name':'x'", "path"},
        };
        for (String[] one : cases) {
            StudioRig.Reply reply = rig.post("/jobs", "{'kind':'import'," + one[0] + "}");
            assertThat(reply.status()).as(one[0]).isEqualTo(400);
            assertThat(reply.json().path("error").path("field").asString())
                    .as(reply.text())
                    .isEqualTo(one[1]);
        }
        String body = "{\"kind\":\"import\",\"path\":\"" + quoted(sound) + "\"}";
        StudioRig.Reply foreign =
                rig.send(
                        rig.request("/jobs")
                                .header("Origin", "http://localhost:1")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)));
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(models.all()).isEmpty();
    }
}
