package dev.snoozy.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.studio.StudioRig;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Columns with adapters, on the model that comes with Snoozy and one that was trained for it. */
class AdapterRunTest {
    @TempDir Path home;

    @BeforeEach
    void adapters() throws IOException {
        Path lora = Data.shared().resolve("models/lora");
        Path small = lora.resolve("stories260K-lora-shared-r4.gguf");
        assumeTrue(Files.exists(small), "no reference data at " + small);
        Files.createDirectories(home.resolve("models/mine"));
        Files.createDirectories(home.resolve("runs/learnt"));
        Files.copy(small, home.resolve("models/mine/small.gguf"));
        Files.copy(
                lora.resolve("training-reference-shared-adapter.gguf"),
                home.resolve("runs/learnt/adapter.gguf"));
    }

    private static String column(String adapters) {
        return "{'model':'stories','options':{'temperature':0,'max_tokens':24},'adapters':"
                + adapters
                + "}";
    }

    private static String begin(StudioRig rig, String... columns) {
        String body = "{'kind':'compare','prompt':'Once','seed':3,'columns':[%s]}";
        StudioRig.Reply reply = rig.post("/lab/runs", body.formatted(String.join(",", columns)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return "/lab/runs/" + reply.json().path("id").asString();
    }

    private static JsonNode end(StudioRig rig, String run) {
        rig.done(run + "/events");
        return rig.get(run).json();
    }

    private static List<String> texts(JsonNode run) {
        List<String> texts = new ArrayList<>();
        for (JsonNode cell : run.path("cells")) {
            assertThat(cell.path("error").asString("")).isEmpty();
            texts.add(cell.path("text").asString());
        }
        return texts;
    }

    @Test
    void columnsDifferByTheirAdaptersAndAreRepeatedExactly() {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run =
                    begin(
                            rig,
                            column("[]"),
                            column("[{'name':'mine/small'}]"),
                            column("[{'name':'mine/small','scale':0}]"),
                            column("[{'name':'runs/learnt','scale':0.7},{'name':'mine/small'}]"),
                            column("[]"));
            JsonNode first = end(rig, run);
            List<String> texts = texts(first);
            assertThat(texts.get(1)).isNotEqualTo(texts.get(0));
            assertThat(texts.get(2)).isEqualTo(texts.get(0));
            assertThat(texts.get(3)).isNotEqualTo(texts.get(0)).isNotEqualTo(texts.get(1));
            assertThat(texts.get(4)).isEqualTo(texts.get(0));
            JsonNode both = first.path("cells").get(3).path("adapters");
            assertThat(both.get(0).path("name").asString()).isEqualTo("runs/learnt");
            assertThat(both.get(0).path("scale").asDouble()).isEqualTo(0.7);
            assertThat(both.get(0).path("digest").asString()).startsWith("sha256:");
            assertThat(first.path("cells").get(0).has("adapters")).isFalse();

            String again =
                    "/lab/runs/" + rig.post(run + "/repeat", "{}").json().path("id").asString();
            for (JsonNode cell : end(rig, again).path("cells")) {
                assertThat(cell.path("same").asBoolean()).isTrue();
                assertThat(cell.path("sameModel").asBoolean()).isTrue();
            }
            assertThat(rig.get(run + "/export?format=csv").text())
                    .contains(",first_ms,adapters")
                    .contains("runs/learnt");
            assertThat(rig.get(run + "/export?format=jsonl").text()).contains("mine/small");
        }
    }

    @Test
    void anAdapterThatHasChangedSinceIsSaid() throws IOException {
        try (StudioRig rig = StudioRig.stories(home)) {
            String run = begin(rig, column("[{'name':'mine/small'}]"));
            String before = texts(end(rig, run)).getFirst();
            Files.copy(
                    home.resolve("runs/learnt/adapter.gguf"),
                    home.resolve("models/mine/small.gguf"),
                    StandardCopyOption.REPLACE_EXISTING);
            String again =
                    "/lab/runs/" + rig.post(run + "/repeat", "{}").json().path("id").asString();
            JsonNode cell = end(rig, again).path("cells").get(0);
            assertThat(cell.path("text").asString()).isNotEqualTo(before);
            assertThat(cell.path("sameModel").asBoolean()).isFalse();
            Files.delete(home.resolve("models/mine/small.gguf"));
            String gone =
                    "/lab/runs/" + rig.post(run + "/repeat", "{}").json().path("id").asString();
            assertThat(end(rig, gone).path("cells").get(0).path("error").asString())
                    .contains("there is no adapter mine/small any more");
        }
    }

    @Test
    void whatFitsAModelIsToldAndWhatDoesNotIsRefusedWithItsReason() throws IOException {
        Files.createDirectories(home.resolve("models"));
        Files.write(
                home.resolve("models/tiny.gguf"),
                TinyModel.llama().with("tokenizer.chat_template", StudioRig.TEMPLATE).bytes());
        try (StudioRig rig = StudioRig.stories(home)) {
            JsonNode fits = rig.get("/lab/adapters?model=stories").json().path("adapters");
            assertThat(fits).hasSize(2);
            assertThat(fits.get(0).path("name").asString()).isEqualTo("mine/small");
            assertThat(fits.get(0).path("rank").asInt()).isEqualTo(4);
            assertThat(fits.get(0).path("why").isNull()).isTrue();
            JsonNode others = rig.get("/lab/adapters?model=tiny").json().path("adapters");
            assertThat(others.get(0).path("why").asString()).isNotBlank().doesNotContain("/");
            assertThat(rig.get("/lab/adapters?model=none").status()).isEqualTo(400);
            for (JsonNode model : rig.get("/models").json().path("models")) {
                assertThat(model.path("name").asString()).isIn("stories", "tiny");
            }

            String tiny =
                    column("[{'name':'mine/small'}]")
                            .replace("'model':'stories'", "'model':'tiny'");
            JsonNode cell = end(rig, begin(rig, tiny)).path("cells").get(0);
            assertThat(cell.path("error").asString())
                    .startsWith("the adapter mine/small cannot be used with the model tiny: ");
            for (String wrong :
                    List.of(
                            "[{'name':'none'}]",
                            "[{'name':'../models/mine/small'}]",
                            "[{'scale':1}]",
                            "[{'name':'mine/small'},{'name':'mine/small'}]",
                            "[{'name':'mine/small','scale':'big'}]",
                            "[{'name':'mine/small','scale':1e9}]")) {
                StudioRig.Reply reply =
                        rig.post(
                                "/lab/runs",
                                "{'kind':'compare','prompt':'a','columns':["
                                        + column(wrong)
                                        + "]}");
                assertThat(reply.status()).as(wrong).isEqualTo(400);
                assertThat(reply.json().path("error").path("field").asString())
                        .startsWith("columns[0].adapters[");
            }
        }
    }
}
