package dev.snoozy.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.hub.HubHome;
import dev.snoozy.testkit.KnowingModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code snoozy docs}, from adding to removing. */
class DocsCommandTest {
    @TempDir private Path folder;

    private HubHome home;
    private Path documents;

    @BeforeEach
    void open() throws IOException {
        home = new HubHome(folder.resolve("user"));
        documents = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(documents.resolve("a.md"), "# Birds\n\nThe falcon is fast.");
        Files.writeString(documents.resolve("b.pdf"), "no pdf");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static JsonNode json(String... args) {
        Cli cli = Cli.run(args);
        assertThat(cli.code()).as(cli.err()).isZero();
        return Json.mapper().readTree(cli.out());
    }

    @Test
    void documentsAreAddedFoundAskedAndRemoved() throws IOException {
        JsonNode added = json("docs", "add", documents.toString(), "--json");
        assertThat(added.get("read").asInt()).isEqualTo(2);
        assertThat(added.at("/not_read/0/why").asString()).contains("does not begin like one");
        JsonNode status = json("docs", "status", "--json").at("/collections/0");
        assertThat(status.get("indexed").asInt()).isEqualTo(1);
        assertThat(status.get("failed").asInt()).isEqualTo(1);
        JsonNode found = json("docs", "search", "falcons", "--json");
        assertThat(found.get("method").asString()).isEqualTo("words");
        assertThat(found.at("/passages/0/text").asString()).contains("falcon is fast");
        String model =
                new KnowingModel("I", " pass")
                        .answer("falcon", 1, "It", " is", " [1]")
                        .writeTo(folder.resolve("knowing.gguf"))
                        .toString();
        JsonNode answer = json("docs", "ask", "how fast is it?", "-m", model, "--json");
        assertThat(answer.get("answer").asString()).isEqualTo("It is [1]");
        assertThat(answer.at("/sources/0/cited").asBoolean()).isTrue();
        Cli nothing = Cli.run("docs", "ask", "zygote", "-m", model);
        assertThat(nothing.out()).contains("not in the documents");
        String file = documents.resolve("a.md").toString();
        assertThat(json("docs", "summary", file, "-m", model, "--json").get("summary").asString())
                .isEqualTo("It is [1]");
        assertThat(json("docs", "rm", documents.toString(), "--json").get("removed").asInt())
                .isEqualTo(2);
        assertThat(Cli.run("docs", "rm", "--all").code()).isZero();
        assertThat(documents.resolve("a.md")).exists();
    }

    @Test
    void wrongUseIsTold() {
        assertThat(Cli.run("docs").code()).isEqualTo(2);
        assertThat(Cli.run("docs", "search", "x").err()).contains("snoozy docs add FOLDER");
        assertThat(Cli.run("docs", "rm").code()).isEqualTo(2);
        Cli.run("docs", "add", documents.toString());
        Cli vectors = Cli.run("docs", "search", "x", "--method", "vectors");
        assertThat(vectors.code()).isEqualTo(2);
        assertThat(vectors.err()).contains("--embedder MODEL");
        assertThat(Cli.run("docs", "search", "x", "--since", "soon").code()).isEqualTo(2);
    }
}
