package dev.snoozy.studio.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.PublishedScores;
import dev.snoozy.eval.StoredResult;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A person evaluates the model that comes with Snoozy, looks at items, and compares. */
class EvaluateApiTest {
    @TempDir Path home;

    private static String data() {
        return Data.root().resolve("recipes/tiny/eval").toAbsolutePath().toString();
    }

    private static String request(String model, String more) {
        return "{'kind':'evaluate','model':'%s','data':'%s'%s}".formatted(model, data(), more);
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

    private Path folder(String run) {
        return home.resolve("runs/eval").resolve(run);
    }

    private static JsonNode runs(StudioRig rig) {
        return rig.get("/evaluate/runs").json().path("runs");
    }

    @Test
    void figuresItemsAndDifferencesAreThoseOfTheFiles() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            String small = "{'kind':'quantize','model':'stories','name':'small','type':'Q4_0'}";
            end(rig, begin(rig, small));
            String more = ",'tasks':['piqa','winogrande'],'limit':12";
            JsonNode job = end(rig, begin(rig, request("stories", more)));
            end(rig, begin(rig, request("small", more)));
            assertThat(job.path("progress").path("unit").asString()).isEqualTo("items");
            assertThat(job.path("progress").path("done").asInt()).isEqualTo(24);
            assertThat(job.path("log").toString()).contains("PIQA: ").contains("of 12 items");
            String name = job.path("result").path("run").asString();
            JsonNode list = runs(rig);
            assertThat(list).hasSize(2);
            JsonNode row =
                    list.get(0).path("name").asString().equals(name) ? list.get(0) : list.get(1);
            JsonNode other = row == list.get(0) ? list.get(1) : list.get(0);

            // The same folder and figures as the command line has.
            assertThat(folder(name))
                    .isEqualTo(
                            StoredResult.folder(
                                    home.resolve("runs/eval"),
                                    row.path("sha256").asString(),
                                    Profile.HARNESS_CURRENT,
                                    LoadOptions.defaults()));
            List<TaskResult> stored = StoredResult.read(folder(name)).orElseThrow().tasks();
            assertThat(row.path("tasks")).hasSize(2);
            assertThat(row.path("models").get(0).path("name").asString()).isEqualTo("stories");
            assertThat(row.path("models").get(0).path("bytes").asLong())
                    .isEqualTo(Files.size(home.resolve("models/stories.gguf")));
            assertThat(row.path("job").path("state").asString()).isEqualTo("done");
            for (int i = 0; i < stored.size(); i++) {
                JsonNode task = row.path("tasks").get(i);
                assertThat(task.path("task").asString()).isEqualTo(stored.get(i).task().id());
                assertThat(task.path("value").asDouble())
                        .isEqualTo(stored.get(i).published().value());
                assertThat(task.path("error").asDouble())
                        .isEqualTo(stored.get(i).published().error());
                assertThat(task.path("items").asInt()).isEqualTo(12);
                assertThat(task.path("of").asInt()).isEqualTo(12);
            }

            String items = "/evaluate/runs/" + name + "/items?task=piqa";
            JsonNode page = rig.get(items + "&from=2&count=3").json();
            assertThat(page.path("total").asInt()).isEqualTo(12);
            assertThat(page.path("items")).hasSize(3);
            JsonNode item = page.path("items").get(0);
            assertThat(item.path("index").asInt())
                    .isEqualTo(stored.getFirst().items().get(2).index());
            assertThat(item.path("question").asString()).startsWith("Question: ");
            assertThat(item.path("answers")).hasSize(2);
            TaskResult piqa = stored.getFirst();
            assertThat(piqa.task()).isEqualTo(Task.PIQA);
            assertThat(item.path("normalised").get(1).asDouble())
                    .isEqualTo(piqa.items().get(2).normalised().get(1));
            assertThat(item.path("choice").asInt())
                    .isEqualTo(piqa.items().get(2).normalisedChoice());
            assertThat(rig.get(items + "&show=right").json().path("total").asInt())
                    .isEqualTo(piqa.published().right());

            String second = other.path("name").asString();
            JsonNode compared =
                    rig.get("/evaluate/compare?first=" + name + "&second=" + second).json();
            assertThat(compared.path("differences")).hasSize(3);
            JsonNode all = compared.path("differences").get(2);
            assertThat(all.path("task").asString()).isEqualTo("all");
            assertThat(all.path("items").asInt()).isEqualTo(24);
            int onlyFirst = 0;
            for (String task : List.of("piqa", "winogrande")) {
                JsonNode found =
                        rig.get(
                                        "/evaluate/runs/%s/items?task=%s&other=%s&show=first"
                                                .formatted(name, task, second))
                                .json();
                onlyFirst += found.path("total").asInt();
                for (JsonNode entry : found.path("items")) {
                    assertThat(entry.path("right").asBoolean()).isTrue();
                    assertThat(entry.path("other").path("right").asBoolean()).isFalse();
                }
            }
            assertThat(all.path("onlyFirst").asInt()).isEqualTo(onlyFirst);

            assertThat(rig.send("DELETE", "/evaluate/runs/" + name, "").status()).isEqualTo(204);
            assertThat(folder(name)).doesNotExist();
            assertThat(runs(rig)).hasSize(1);
            assertThat(rig.get("/tune/runs").json().path("runs")).isEmpty();
        }
    }

    @Test
    void whatTheEndOfTheProgramBrokeOffGoesOnToTheSameBytes() throws IOException {
        String more = ",'tasks':['boolq'],'limit':16";
        String job;
        try (StudioRig rig = StudioRig.stories(home)) {
            job = begin(rig, request("stories", more));
            rig.events(job + "/events", event -> event.data().path("done").asInt() >= 3);
        }
        try (StudioRig rig = StudioRig.in(home)) {
            assertThat(rig.get(job).json().path("state").asString()).isEqualTo("interrupted");
            JsonNode row = runs(rig).get(0);
            JsonNode task = row.path("tasks").get(0);
            assertThat(task.path("items").asInt()).isBetween(3, task.path("of").asInt() - 1);
            assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(200);
            String name = end(rig, job).path("result").path("run").asString();
            byte[] broken = Files.readAllBytes(folder(name).resolve("boolq.jsonl"));
            assertThat(rig.send("DELETE", "/evaluate/runs/" + name, "").status()).isEqualTo(204);
            end(rig, begin(rig, request("stories", more)));
            assertThat(Files.readAllBytes(folder(name).resolve("boolq.jsonl"))).isEqualTo(broken);
        }
    }

    @Test
    void whatCannotBeIsRefusedAtItsField() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String good = request("stories", "");
            for (String[] wrong :
                    new String[][] {
                        {"model", "'none'"},
                        {"data", "'relative'"},
                        {"data", "'/none/at/all'"},
                        {"data", "'" + home + "'"},
                        {"tasks", "['chess']"},
                        {"profile", "'best'"},
                        {"limit", "-1"}
                    }) {
                // The last of two fields of a name counts.
                String body = good.replace("}", ",'" + wrong[0] + "':" + wrong[1] + "}");
                Reply reply = rig.post("/jobs", body);
                assertThat(reply.status()).as(body).isEqualTo(400);
                assertThat(reply.json().path("error").path("field").asString())
                        .as(reply.text())
                        .isEqualTo(wrong[0]);
            }
            JsonNode sets = rig.post("/evaluate/sets", "{'data':'" + data() + "'}").json();
            assertThat(sets.path("sets")).hasSize(7);
            assertThat(sets.path("sets").get(0).path("items").asInt()).isPositive();
            assertThat(rig.get("/evaluate/runs/..%2F../items?task=piqa").status()).isEqualTo(404);
            assertThat(rig.get("/evaluate/compare?first=..&second=..").status()).isEqualTo(404);
            assertThat(rig.get("/evaluate/published").json().path("rows"))
                    .hasSameSizeAs(PublishedScores.ROWS);
        }
    }
}
