package dev.snoozy.studio.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Event;
import dev.snoozy.studio.StudioRig.Reply;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A person trains the model that comes with Snoozy, stops, goes on, and tries what came of it. */
class TuneApiTest {
    private static final String SMALL =
            "'model':'stories','rank':4,'rate':0.01,'batch':4,'length':32,'validation':0.2,"
                    + "'evaluateEvery':2,'saveEvery':2,'warmup':0,'samples':0";

    @TempDir Path home;
    private String data;

    @BeforeEach
    void rows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(
                    "{\"prompt\": \"Once %d\", \"response\": \"the cat said %d\"}"
                            .formatted(i, i % 3));
        }
        Files.createDirectories(home.resolve("curated"));
        data = Files.write(home.resolve("curated/train.jsonl"), rows).toString();
    }

    private String request(String name, String more) {
        return "{'kind':'tune','name':'%s','data':'%s',%s%s}".formatted(name, data, SMALL, more);
    }

    private static String begin(StudioRig rig, String body) {
        Reply reply = rig.post("/jobs", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return "/jobs/" + reply.json().path("id").asString();
    }

    private static JsonNode end(StudioRig rig, String job) {
        JsonNode end = rig.done(job + "/events");
        assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("done");
        return end;
    }

    private byte[] adapter(String run) throws IOException {
        return Files.readAllBytes(home.resolve("runs").resolve(run).resolve("adapter.gguf"));
    }

    /** The matrices and all that a run goes on from; an adapter has the name of its run in it. */
    private void assertSameState() throws IOException {
        Path whole = home.resolve("runs/whole/checkpoint.gguf");
        assertThat(Files.mismatch(home.resolve("runs/broken/checkpoint.gguf"), whole))
                .isEqualTo(-1);
    }

    @Test
    void aRunLearnsAndItsAdapterIsThereForTheLaboratory() {
        try (StudioRig rig = StudioRig.stories(home)) {
            JsonNode job =
                    end(
                            rig,
                            begin(
                                    rig,
                                    request(
                                            "first",
                                            ",'steps':6,'epochs':9,'sample':['Once 3','And then?']")));
            assertThat(job.path("progress").path("unit").asString()).isEqualTo("steps");
            assertThat(job.path("progress").path("done").asInt()).isEqualTo(6);
            JsonNode result = job.path("result");
            assertThat(result.path("adapter").asString()).isEqualTo("runs/first");
            assertThat(result.path("after").asDouble())
                    .isLessThan(result.path("before").asDouble());
            assertThat(job.path("log").toString()).contains("to learn").contains("MB of memory");

            JsonNode list = rig.get("/tune/runs").json().path("runs");
            assertThat(list).hasSize(1);
            assertThat(list.get(0).path("job").path("state").asString()).isEqualTo("done");
            assertThat(list.get(0).path("step").asInt()).isEqualTo(6);
            assertThat(list.get(0).has("points")).isFalse();
            JsonNode run = rig.get("/tune/runs/first").json();
            assertThat(run.path("points")).hasSize(6);
            assertThat(run.path("points").get(5).path("norm").asDouble()).isPositive();
            assertThat(run.path("validation")).hasSize(4);
            JsonNode samples = run.path("validation").get(3).path("samples");
            assertThat(samples).hasSize(2);
            assertThat(samples.get(1).path("prompt").asString()).isEqualTo("And then?");
            assertThat(samples.get(1).path("text").isString()).isTrue();
            assertThat(run.path("base").asDouble()).isEqualTo(result.path("before").asDouble());
            assertThat(run.path("best").asDouble()).isLessThan(run.path("base").asDouble());
            assertThat(run.path("request").path("rank").asInt()).isEqualTo(4);
            assertThat(run.path("tokensPerSecond").asDouble()).isPositive();

            JsonNode adapters = rig.get("/lab/adapters?model=stories").json().path("adapters");
            assertThat(adapters).hasSize(1);
            assertThat(adapters.get(0).path("name").asString()).isEqualTo("runs/first");
            assertThat(adapters.get(0).path("rank").asInt()).isEqualTo(4);
            assertThat(adapters.get(0).path("why").isNull()).isTrue();

            assertThat(rig.send("DELETE", "/tune/runs/first", "").status()).isEqualTo(204);
            assertThat(home.resolve("runs/first")).doesNotExist();
            assertThat(rig.get("/tune/runs").json().path("runs")).isEmpty();
            assertThat(rig.get("/jobs").json().path("jobs")).isEmpty();
        }
    }

    @Test
    void aRunThatIsPausedGoesOnAndEndsInTheBytesOfAnUnbrokenOne() throws IOException {
        String more = ",'steps':40,'epochs':99,'dropout':0.1";
        try (StudioRig rig = StudioRig.stories(home)) {
            end(rig, begin(rig, request("whole", more)));
            String job = begin(rig, request("broken", more));
            rig.events(job + "/events", event -> event.data().path("done").asInt() >= 3);
            assertThat(rig.send("DELETE", "/tune/runs/broken", "").status()).isEqualTo(400);
            assertThat(rig.post(job + "/pause", "{}").status()).isEqualTo(204);
            JsonNode paused = rig.done(job + "/events");
            assertThat(paused.path("state").asString()).isEqualTo("paused");
            int at = rig.get("/tune/runs/broken").json().path("step").asInt();
            assertThat(at).isBetween(3, 39);
            assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(200);
            List<Event> events = rig.events(job + "/events", event -> event.name().equals("done"));
            assertThat(events.getLast().data().path("state").asString()).isEqualTo("done");
            assertThat(events.getLast().data().path("log").toString())
                    .contains("going on from the checkpoint");
            assertThat(rig.get("/tune/runs/broken").json().path("points")).hasSize(40);
        }
        assertSameState();
    }

    @Test
    void aRunThatTheEndOfTheProgramBrokeOffIsInterruptedAndGoesOn() throws IOException {
        String more = ",'steps':40,'epochs':99";
        String job;
        try (StudioRig rig = StudioRig.stories(home)) {
            job = begin(rig, request("broken", more));
            rig.events(job + "/events", event -> event.data().path("done").asInt() >= 3);
        }
        try (StudioRig rig = StudioRig.in(home)) {
            assertThat(rig.get(job).json().path("state").asString())
                    .isEqualTo(JobRecord.State.INTERRUPTED.word());
            assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(200);
            end(rig, job);
            end(rig, begin(rig, request("whole", more)));
        }
        assertSameState();
    }

    @Test
    void aRunWhoseJobIsForgottenGoesOnByItsName() throws IOException {
        String more = ",'steps':8,'epochs':9";
        try (StudioRig rig = StudioRig.stories(home)) {
            String job = begin(rig, request("kept", more));
            end(rig, job);
            byte[] adapter = adapter("kept");
            assertThat(rig.send("DELETE", job, "").status()).isEqualTo(204);
            assertThat(rig.get("/tune/runs/kept").json().has("job")).isFalse();
            assertThat(rig.post("/jobs", request("kept", more)).text())
                    .contains("a name that is free");
            end(rig, begin(rig, request("kept", more + ",'resume':true")));
            assertThat(Arrays.equals(adapter("kept"), adapter)).isTrue();
        }
    }

    @Test
    void whatItWouldTakeIsToldAndNothingIsWritten() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            data = home.resolve("curated").toString(); // a folder that was curated does as well
            Reply reply = rig.post("/tune/plan", request("none", ",'steps':6"));
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            JsonNode plan = reply.json();
            assertThat(plan.path("texts").asInt()).isEqualTo(16);
            assertThat(plan.path("validationTexts").asInt()).isEqualTo(4);
            assertThat(plan.path("steps").asInt()).isEqualTo(4);
            assertThat(plan.path("memory").asLong()).isGreaterThan(1L << 20);
            assertThat(plan.path("seconds").asDouble()).isPositive();
            assertThat(home.resolve("runs")).doesNotExist();
            String heldBack = "{\"prompt\": \"a\", \"response\": \"b\"}\n".repeat(3);
            Files.writeString(home.resolve("curated/validation.jsonl"), heldBack);
            JsonNode curated =
                    rig.post("/tune/plan", request("none", "").replace("'validation':0.2,", ""))
                            .json();
            assertThat(curated.path("texts").asInt()).isEqualTo(20);
            assertThat(curated.path("validationTexts").asInt()).isEqualTo(3);
            JsonNode presets = rig.get("/tune/presets").json();
            assertThat(presets.path("gpt4all-lora").path("targets").toString())
                    .isEqualTo("[\"attn_q\",\"attn_v\"]");
            assertThat(presets.path("snoozy").path("schedule").asString()).isEqualTo("cosine");
        }
    }

    @Test
    void whatCannotBeIsRefusedAtItsField() throws IOException {
        Path bad = Files.writeString(home.resolve("bad.jsonl"), "{\"colour\": \"red\"}\n");
        try (StudioRig rig = StudioRig.stories(home)) {
            String good = request("x", "");
            for (String[] wrong :
                    new String[][] {
                        {"model", "'none'"},
                        {"data", "'relative.jsonl'"},
                        {"data", "'/none/at/all.jsonl'"},
                        {"name", "'../x'"},
                        {"rank", "0"},
                        {"rate", "-1"},
                        {"dropout", "1"},
                        {"validation", "0.6"},
                        {"preset", "'best'"},
                        {"schedule", "'linear'"},
                        {"form", "'poem'"},
                        {"steps", "1.5"},
                        {"resume", "true"}
                    }) {
                // The last of two fields of a name counts.
                String body = good.replace("}", ",'" + wrong[0] + "':" + wrong[1] + "}");
                Reply reply = rig.post("/jobs", body);
                assertThat(reply.status()).as(body).isEqualTo(400);
                String field = wrong[0].equals("resume") ? "name" : wrong[0];
                assertThat(reply.json().path("error").path("field").asString())
                        .as(reply.text())
                        .isEqualTo(field);
            }
            data = bad.toString();
            Reply plan = rig.post("/tune/plan", request("x", ""));
            assertThat(plan.json().path("error").path("message").asString()).contains("row 1");
            JsonNode failed = rig.done(begin(rig, request("x", "")) + "/events");
            assertThat(failed.path("state").asString()).isEqualTo("failed");
            assertThat(failed.path("error").asString()).contains("row 1");
        }
    }
}
