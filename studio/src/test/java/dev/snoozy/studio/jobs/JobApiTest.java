package dev.snoozy.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;

class JobApiTest {
    @TempDir Path home;

    private static JsonNode end(StudioRig rig, String body) {
        StudioRig.Reply reply = rig.post("/jobs", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return rig.done("/jobs/" + reply.json().path("id").asString() + "/events");
    }

    @Test
    void aModelIsQuantizedAndThere() {
        try (StudioRig rig = StudioRig.stories(home)) {
            JsonNode job =
                    end(rig, "{'kind':'quantize','model':'stories','type':'Q8_0','name':'small'}");
            assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
            assertThat(job.path("progress").path("unit").asString()).isEqualTo("weights");
            assertThat(job.path("result").path("bytes").asLong())
                    .isLessThan(job.path("result").path("bytesBefore").asLong());
            assertThat(job.path("log")).isNotEmpty();
            assertThat(job.path("rows").size()).isGreaterThan(10);
            long bytes = 0;
            for (JsonNode row : job.path("rows")) {
                boolean coded = !row.path("to").equals(row.path("from"));
                assertThat(row.path("error").asDouble())
                        .as(row.toString())
                        .isBetween(coded ? 1e-4 : 0, coded ? 0.02 : 0);
                bytes += row.path("bytes").asLong();
            }
            assertThat(bytes)
                    .isBetween(
                            job.path("result").path("bytes").asLong() * 8 / 10,
                            job.path("result").path("bytes").asLong());
            JsonNode models = rig.get("/models").json().path("models");
            assertThat(models.get(0).path("name").asString()).isEqualTo("small");
            StudioRig.Reply taken =
                    rig.post(
                            "/jobs",
                            "{'kind':'quantize','model':'stories','type':'Q8_0','name':'small'}");
            assertThat(taken.json().path("error").path("field").asString()).isEqualTo("name");
        }
    }

    @Test
    void perplexityIsMeasuredBesideABase() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String text = "Once upon a time there was a little girl. ".repeat(20);
            JsonNode job =
                    end(
                            rig,
                            "{'kind':'perplexity','model':'stories','base':'stories','chunk':64,"
                                    + "'text':'"
                                    + text
                                    + "'}");
            assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
            JsonNode result = job.path("result");
            assertThat(result.path("perplexity").asDouble()).isBetween(1.0, 100.0);
            assertThat(result.path("sameTop").asDouble()).isEqualTo(1);
            assertThat(job.path("progress").path("done"))
                    .isEqualTo(job.path("progress").path("total"));
        }
    }

    @Test
    void whatCannotBeDoneIsRefusedOrFailsWithItsReason() {
        try (StudioRig rig = StudioRig.stories(home)) {
            for (String body :
                    List.of(
                            "{'kind':'dance'}",
                            "{'kind':'quantize','model':'none','type':'Q8_0','name':'a'}",
                            "{'kind':'quantize','model':'stories','type':'Q99','name':'a'}",
                            "{'kind':'quantize','model':'stories','type':'Q8_0','name':'../a'}",
                            "{'kind':'convert','folder':'relative','name':'a'}",
                            "{'kind':'perplexity','model':'stories'}")) {
                assertThat(rig.post("/jobs", body).status()).as(body).isEqualTo(400);
            }
            String empty = home.resolve("models").toString().replace("\\", "\\\\");
            JsonNode job = end(rig, "{'kind':'convert','folder':'" + empty + "','name':'a'}");
            assertThat(job.path("state").asString()).isEqualTo("failed");
            assertThat(job.path("error").asString()).contains("config.json");
            assertThat(rig.get("/jobs").json().path("jobs")).hasSize(1);
        }
    }

    @Test
    void jobsAreKeptAndTriedAgain() throws Exception {
        String id;
        try (StudioRig rig = StudioRig.stories(home)) {
            JsonNode job =
                    end(
                            rig,
                            "{'kind':'perplexity','model':'stories','chunk':64,'text':'"
                                    + "Tom had a red ball and a dog. ".repeat(20)
                                    + "'}");
            id = job.path("id").asString();
        }
        try (StudioRig rig = StudioRig.in(home)) {
            JsonNode kept = rig.get("/jobs/" + id).json();
            assertThat(kept.path("state").asString()).isEqualTo("done");
            JsonNode again = rig.post("/jobs/" + id + "/retry", "{}").json();
            List<Event> events =
                    rig.events(
                            "/jobs/" + again.path("id").asString() + "/events",
                            event -> event.name().equals("done"));
            assertThat(events.getLast().data().path("result")).isEqualTo(kept.path("result"));
            assertThat(rig.send("DELETE", "/jobs/" + id, "").status()).isEqualTo(204);
            assertThat(rig.get("/jobs/" + id).status()).isEqualTo(404);
        }
    }
}
