package dev.snoozy.studio.cook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cook.CookFile;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A person writes a recipe without an editor, cooks it, stops, and goes on. */
class CookApiTest {
    @TempDir Path home;

    private static String form(String more) {
        String tiny = Data.root().resolve("recipes/tiny").toAbsolutePath().toString();
        return ("{'name':'mine','base':'stories','data':['%1$s/own.jsonl'],'sets':'%1$s/eval',"
                        + "'rank':2,'learning_rate':0.002,'batch':4,'length':128,'steps':2,"
                        + "'validation':0.2,'evaluate_every':2,'save_every':1,"
                        + "'tasks':['piqa','openbookqa'],'limit':3,"
                        + "'prompts':['Once: # \\u00e9 [x]'],'quantize':['Q8_0']%2$s}")
                .formatted(tiny, more);
    }

    private static String write(StudioRig rig, String more) {
        Reply reply = rig.post("/cook/recipes", form(more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().path("recipe").asString();
    }

    private static String field(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        return reply.json().path("error").path("field").asString();
    }

    @Test
    void aRecipeFromTheFormIsCookedStoppedAndGoesOnToItsReport() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            String file = write(rig, "");
            assertThat(Path.of(file)).isEqualTo(home.resolve("recipes/mine.yaml"));
            CookRecipe recipe = CookFile.read(Path.of(file));
            assertThat(recipe.judging().prompts()).containsExactly("Once: # é [x]");
            assertThat(recipe.tune().lora().rank()).isEqualTo(2);
            JsonNode listed = rig.get("/cook/recipes").json().path("recipes");
            assertThat(listed.get(0).path("recipe").asString()).isEqualTo(file);

            String body = "{'kind':'cook','recipe':'" + file + "'}";
            JsonNode check = rig.post("/cook/check", body).json();
            assertThat(check.path("ready").asBoolean()).as(check.toString()).isTrue();
            assertThat(check.path("stages")).hasSize(9);
            assertThat(check.path("stages").toString()).doesNotContain("true");
            JsonNode estimate = rig.post("/cook/estimate", body).json();
            assertThat(estimate.path("seconds").asDouble()).isPositive();
            assertThat(estimate.path("parts")).hasSize(5);

            Reply begun = rig.post("/jobs", body);
            assertThat(begun.status()).as(begun.text()).isEqualTo(201);
            String job = "/jobs/" + begun.json().path("id").asString();
            rig.events(job + "/events", event -> event.data().path("done").asInt() >= 2);
            assertThat(rig.post(job + "/pause", "{}").status()).isEqualTo(204);
            assertThat(rig.done(job + "/events").path("state").asString()).isEqualTo("paused");
            JsonNode stopped = rig.get("/cook/runs/mine").json();
            assertThat(stopped.path("finished").asBoolean()).isFalse();
            assertThat(stopped.path("stages").get(1).path("there").asBoolean()).isTrue();

            assertThat(rig.post(job + "/resume", "{}").status()).isEqualTo(200);
            JsonNode done = rig.done(job + "/events");
            assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("done");
            List<String> stages = new ArrayList<>();
            done.path("rows").forEach(row -> stages.add(row.path("stage").asString()));
            assertThat(stages).isEqualTo(recipe.stages());
            assertThat(done.path("rows").get(1).path("done").asBoolean()).isTrue();
            assertThat(done.path("log").toString()).contains("2/9 tune: done before");

            JsonNode run = rig.get("/cook/runs/mine").json();
            assertThat(run.path("report").path("models")).hasSize(4);
            assertThat(run.path("report").path("training").path("curve")).isNotEmpty();
            assertThat(run.path("speeds").path("after").path("prefill_per_second").asDouble())
                    .isPositive();
            assertThat(Path.of(run.path("page").asString())).isRegularFile();
            assertThat(rig.get("/cook/runs").json().path("runs")).hasSize(1);
            assertThat(rig.get("/tune/runs").json().path("runs")).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsSaidAtItsField() throws IOException {
        Path bad = Files.writeString(home.resolve("bad.yaml"), "format: snoozy-cook-1\nsauce: x\n");
        try (StudioRig rig = StudioRig.stories(home)) {
            Reply check = rig.post("/cook/check", "{'recipe':'" + bad + "'}");
            assertThat(field(check)).isEqualTo("recipe");
            assertThat(check.text()).contains("line 2").contains("sauce");
            assertThat(field(rig.post("/cook/check", "{'recipe':'bad.yaml'}"))).isEqualTo("recipe");
            for (String[] wrong :
                    new String[][] {
                        {"name", "'../x'"},
                        {"base", "'none'"},
                        {"data", "[]"},
                        {"data", "['own.jsonl']"},
                        {"sets", "'eval'"},
                        {"preset", "'best'"},
                        {"rank", "'many'"},
                        {"learning_rate", "-1"},
                        {"tasks", "['chess']"},
                        {"profile", "'best'"},
                        {"quantize", "['Q99']"}
                    }) {
                Reply reply = rig.post("/cook/recipes", form(",'" + wrong[0] + "':" + wrong[1]));
                assertThat(field(reply)).as(reply.text()).isEqualTo(wrong[0]);
            }
            assertThat(home.resolve("recipes/mine.yaml")).doesNotExist();
            String file = write(rig, ",'data':['/none/at/all.jsonl']");
            Reply missing = rig.post("/jobs", "{'kind':'cook','recipe':'" + file + "'}");
            assertThat(missing.text()).contains("/none/at/all.jsonl");
            assertThat(field(rig.post("/cook/recipes", form("")))).isEqualTo("name");
            write(rig, ",'replace':true");
            try (var left = Files.list(home.resolve("recipes"))) {
                assertThat(left).hasSize(1);
            }
        }
    }
}
