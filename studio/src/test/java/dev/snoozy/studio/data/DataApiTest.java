package dev.snoozy.studio.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Curations over the page's interface. */
class DataApiTest {
    @TempDir Path home;

    private Path rows;
    private StudioRig rig;

    private static String row(String prompt, String response) {
        return Json.text(Json.object().put("instruction", prompt).put("output", response));
    }

    @BeforeEach
    void start() throws Exception {
        rows = home.resolve("rows.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add(
                    row(
                            "What is the number " + i + " times " + (i + 7) + "?",
                            "It is %d, since %d times %d is that."
                                    .formatted(i * (i + 7), i, i + 7)));
        }
        lines.add(row("Write a poem.", "As an AI language model, I cannot write poems."));
        lines.add(row("Say nothing.", ""));
        lines.add(lines.get(3));
        lines.add(row("WHAT is the number 3 times 10?", "it is 30, since 3 times 10 is that."));
        lines.add("{broken");
        Files.write(rows, lines);
        rig = StudioRig.tiny(home);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private JsonNode made(String name) {
        Reply reply = rig.post("/data", "{'name':'%s','files':['%s']}".formatted(name, path(rows)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json();
    }

    private static String path(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    private JsonNode run(String name) {
        Reply begun = rig.post("/data/" + name + "/run", "{}");
        JsonNode job = rig.done("/jobs/" + begun.json().path("job").asString() + "/events");
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
        return rig.get("/data/" + name).json();
    }

    private Reply send(String method, String path, ObjectNode body) {
        return rig.send(
                rig.request(path)
                        .header("Origin", rig.url())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(Json.text(body))));
    }

    @Test
    void aCurationIsMadeRunAndToldRowByRow() {
        JsonNode made = made("maths");
        assertThat(made.path("yaml").asString()).startsWith("format: snoozy-recipe-1");
        assertThat(made.at("/recipe/filters/echo/words").asInt()).isEqualTo(8);
        assertThat(made.path("report").isNull()).isTrue();

        JsonNode whole = run("maths");
        JsonNode report = whole.path("report");
        assertThat(report.path("read").asInt()).isEqualTo(64);
        assertThat(report.path("malformed").asInt()).isEqualTo(1);
        assertThat(report.path("kept").asInt() + report.path("removed").asInt()).isEqualTo(64);
        assertThat(whole.path("map").asBoolean()).isTrue();
        JsonNode refused = rig.get("/data/maths/removed?rule=refusal").json();
        assertThat(refused.path("rows")).hasSize(1);
        assertThat(refused.at("/rows/0/reason").asString()).isNotBlank();
        assertThat(refused.at("/rows/0/messages/1/content").asString()).contains("AI language");
        JsonNode some = rig.get("/data/maths/removed?limit=1").json();
        assertThat(some.path("more").asBoolean()).isTrue();

        JsonNode groups = rig.get("/data/maths/groups").json();
        JsonNode group = groups.path("groups").get(0);
        assertThat(groups.path("groups")).hasSize(1);
        assertThat(group.path("removed")).hasSize(2);
        assertThat(group.at("/kept/messages/0/content").asString())
                .containsIgnoringCase("number 3");
        JsonNode list = rig.get("/data").json();
        assertThat(list.at("/curations/0/read").asInt()).isEqualTo(64);
        assertThat(list.path("filters")).hasSize(9);
    }

    @Test
    void aRecipeIsEditedByValuesAndByTextAndErrorsNameTheirLine() {
        ObjectNode recipe = (ObjectNode) made("maths").path("recipe");
        ((ObjectNode) recipe.path("filters")).put("refusal", false);
        ((ObjectNode) recipe.path("map")).put("rows", 0);
        JsonNode saved = send("PATCH", "/data/maths", Json.object().set("recipe", recipe)).json();
        assertThat(saved.path("yaml").asString()).contains("refusal: false");
        ((ObjectNode) recipe.at("/duplicates/near")).put("both", 7);
        JsonNode wrong =
                send("POST", "/data/maths/check", Json.object().set("recipe", recipe)).json();
        int line = wrong.path("line").asInt();
        assertThat(wrong.path("error").asString()).contains("line " + line).contains("both");
        assertThat(wrong.path("yaml").asString().lines().toList().get(line - 1)).contains("near");
        Reply refused =
                send("PATCH", "/data/maths", Json.object().put("yaml", "format: x\ninputs: []\n"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/message").asString()).contains("line 1");
        JsonNode whole = run("maths");
        assertThat(whole.at("/recipe/filters/refusal").asBoolean()).isFalse();
        assertThat(rig.get("/data/maths/removed?rule=refusal").json().path("rows")).isEmpty();
        assertThat(whole.path("map").asBoolean()).isFalse();
    }

    @Test
    void marksOfTheMapComeBackIntoTheRecipe() {
        made("maths");
        run("maths");
        String id = Json.parse(firstLine("maths/train.jsonl")).path("id").asString();
        ObjectNode marks = Json.object().put("format", "snoozy-marks-1");
        marks.putArray("remove").add(id);
        JsonNode marked =
                send("POST", "/data/maths/marks", Json.object().put("marks", Json.text(marks)))
                        .json();
        assertThat(marked.path("marked").asInt()).isEqualTo(1);
        assertThat(marked.path("yaml").asString()).contains("marks: marks.json");
        run("maths");
        JsonNode removed = rig.get("/data/maths/removed?rule=marked").json();
        assertThat(removed.at("/rows/0/id").asString()).isEqualTo(id);
        Reply wrong = send("POST", "/data/maths/marks", Json.object().put("marks", "[]"));
        assertThat(wrong.status()).isEqualTo(400);
    }

    private String firstLine(String file) {
        try {
            return Files.readAllLines(home.resolve("curations").resolve(file)).getFirst();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aRunGoesOnWhenTheStudioWasEnded() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            lines.add(
                    row("What comes after " + i + "?", "After it comes " + (i + 1) + ", always."));
        }
        Files.write(rows, lines);
        ObjectNode recipe = (ObjectNode) made("long").path("recipe");
        ((ObjectNode) recipe.path("map")).put("rows", 0);
        ((ObjectNode) recipe.path("duplicates")).put("near", false);
        send("PATCH", "/data/long", Json.object().set("recipe", recipe));
        String job = rig.post("/data/long/run", "{}").json().path("job").asString();
        rig.events(
                "/jobs/" + job + "/events",
                e -> e.data().path("lines").toString().contains("filtering"));
        rig.close();
        rig = StudioRig.in(home);
        assertThat(rig.get("/jobs/" + job).json().path("state").asString())
                .isEqualTo("interrupted");
        assertThat(rig.get("/data/long").json().path("report").isNull()).isTrue();
        assertThat(rig.post("/jobs/" + job + "/resume", "{}").status()).isEqualTo(200);
        JsonNode end = rig.done("/jobs/" + job + "/events");
        assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("done");
        assertThat(end.path("result").path("read").asInt()).isEqualTo(20_000);
        assertThat(end.path("log").toString()).contains("going on with an earlier run");
    }

    @Test
    void theMapIsAPageOfNowhere() throws Exception {
        made("maths");
        assertThat(rig.get("/data/maths/map").status()).isEqualTo(404);
        run("maths");
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI map = URI.create(rig.url() + "/studio/api/data/maths/map");
            HttpResponse<String> page =
                    client.send(
                            HttpRequest.newBuilder(map).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("sandbox allow-scripts allow-downloads;")
                    .contains("default-src 'none'")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("allow-same-origin");
            assertThat(page.body()).contains("<!doctype html>");
            HttpRequest foreign =
                    HttpRequest.newBuilder(map).header("Sec-Fetch-Site", "cross-site").build();
            assertThat(client.send(foreign, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatIsWrongIsRefusedByName() throws Exception {
        made("maths");
        Path recipe = home.resolve("bad.yaml");
        Files.writeString(recipe, "format: snoozy-recipe-1\ninputs: [x]\nfilters:\n  dance: on\n");
        for (String body :
                List.of(
                        "{'name':'../x','files':['" + path(rows) + "']}",
                        "{'name':'maths','files':['" + path(rows) + "']}",
                        "{'name':'x','files':['/no/such/file']}",
                        "{'name':'x','files':[]}",
                        "{'name':'x','recipe':'" + path(recipe) + "'}")) {
            assertThat(rig.post("/data", body).status()).as(body).isEqualTo(400);
        }
        assertThat(rig.post("/data", "{'name':'x','recipe':'" + path(recipe) + "'}").text())
                .contains("line 4");
        assertThat(rig.get("/data/none").status()).isEqualTo(404);
        assertThat(rig.get("/data/..%2Fmodels").status()).isEqualTo(404);
        assertThat(rig.send("DELETE", "/data/maths", "").status()).isEqualTo(204);
        assertThat(rows).exists();
        assertThat(home.resolve("curations/maths")).doesNotExist();
    }
}
