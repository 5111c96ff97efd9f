package dev.snoozy.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code list}, {@code rm} and {@code cp} on real files. */
class ListCommandsTest {
    @TempDir private Path folder;

    private HubHome home;

    @BeforeEach
    void begin() {
        home = new HubHome(folder);
    }

    @AfterEach
    void end() {
        home.close();
    }

    @Test
    void modelsAreListedWithWhatTheirHeadersSay() throws IOException {
        home.model("pub/repo/x-Q4_K_M.gguf");
        Cli run = Cli.run("list", "--no-foreign");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow())
                .matches("NAME +SIZE +QUANT +WEIGHTS +CONTEXT +FITS +FROM");
        assertThat(run.out()).containsPattern("tinystories .* 512 +yes +snoozy");
        assertThat(run.out()).containsPattern("pub/repo .* F32 .* 256 +yes +store");
    }

    @Test
    void theListAsJsonHasFilesAndPlaces() throws IOException {
        Path file = home.lmStudio("pub/repo/x.gguf");
        JsonNode models = json("list", "--foreign", "--json").get("models");
        JsonNode model = named(models, "pub/repo");
        assertThat(model.get("place").stringValue()).isEqualTo("lm-studio");
        assertThat(model.at("/files/0/path").stringValue()).isEqualTo(file.toString());
        assertThat(model.get("bytes").longValue()).isEqualTo(Files.size(file));
        assertThat(model.get("architecture").stringValue()).isEqualTo("llama");
        assertThat(model.get("fits").booleanValue()).isTrue();
        assertThat(model.get("parameters").longValue()).isPositive();
        JsonNode without = json("list", "--no-foreign", "--json").get("models");
        assertThat(without.toString()).doesNotContain("lm-studio");
    }

    @Test
    void theCatalogueTellsWhatFitsAndHowToPullIt() {
        Cli run = Cli.run("list", "--catalogue");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow())
                .matches("REFERENCE +SIZE +MEMORY +FITS +WEIGHTS +LICENSE");
        assertThat(run.out()).containsPattern("SmolLM2-135M-Instruct-GGUF:Q4_K_M .* (yes|no)");
        JsonNode models = json("list", "--catalogue", "--json").get("models");
        assertThat(models.size()).isGreaterThanOrEqualTo(20);
        long before = 0;
        for (JsonNode model : models) {
            for (JsonNode offer : model.get("quantizations")) {
                assertThat(offer.get("memory").longValue())
                        .as(offer.toString())
                        .isGreaterThan(offer.get("bytes").longValue() * 9 / 10);
            }
            assertThat(model.get("parameters").longValue()).isGreaterThanOrEqualTo(before);
            before = model.get("parameters").longValue();
        }
    }

    private static JsonNode json(String... command) {
        Cli run = Cli.run(command);
        assertThat(run.code()).as(run.err()).isZero();
        return Json.mapper().readTree(run.out());
    }

    private static JsonNode named(JsonNode models, String name) {
        for (JsonNode model : models) {
            if (model.get("name").stringValue().equals(name)) {
                return model;
            }
        }
        throw new AssertionError("no model " + name + " in " + models);
    }

    @Test
    void aFileThatIsNoModelIsListedWithItsReason() throws IOException {
        home.model("good.gguf");
        Files.writeString(home.models().resolve("bad.gguf"), "Once upon a time");
        Cli run = Cli.run("list", "--no-foreign");
        assertThat(run.code()).isZero();
        assertThat(run.out()).containsPattern("bad .* broken +store").contains("bad: bad.gguf: ");
    }

    @Test
    void whatIsSkippedIsToldWhenAskedFor() throws IOException {
        home.model("split/x-00001-of-00002.gguf");
        assertThat(Cli.run("list", "--no-foreign").out()).contains("1 more cannot be used");
        assertThat(Cli.run("list", "--no-foreign", "--all").out())
                .contains("skipped (store): ", "expected 2 parts");
        JsonNode skipped = json("list", "--no-foreign", "--json").get("skipped");
        assertThat(skipped.at("/0/reason").stringValue()).contains("expected 2 parts");
    }

    @Test
    void namesCannotDriveTheTerminal() throws IOException {
        home.model("evil\u001b[2J.gguf");
        assertThat(Cli.run("list", "--no-foreign").out()).doesNotContain("\u001b");
    }

    @Test
    void aModelIsRemovedAndItsBytesAreTold() throws IOException {
        Path file = home.model("pub/repo/x.gguf");
        Cli run = Cli.run("rm", "--yes", "repo");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("removed pub/repo; ").contains("KiB are free");
        assertThat(file).doesNotExist();
    }

    @Test
    void nobodyIsAskedWhereNobodyAnswers() throws IOException {
        Path file = home.model("mine.gguf");
        Cli run = Cli.run("rm", "mine");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--yes");
        assertThat(file).exists();
    }

    @Test
    void oneUnknownNameKeepsTheOthers() throws IOException {
        Path file = home.model("mine.gguf");
        home.model("a/same/x.gguf");
        home.model("b/same/y.gguf");
        assertThat(Cli.run("rm", "-y", "mine", "same").code()).isEqualTo(2);
        assertThat(file).exists();
        assertThat(Cli.run("rm", "-y", "nothing").code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinystories", "stories260K-f32"})
    void whatComesWithSnoozyIsNotRemoved(String name) {
        Cli run = Cli.run("rm", "-y", name);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("comes with Snoozy");
        assertThat(Models.find("tinystories")).exists();
    }

    @Test
    void aCopyHasTheSameFileAndIsRemovedAlone() throws IOException {
        Path file = home.model("pub/repo/x.gguf");
        JsonNode copy = json("cp", "repo", "me/mine:small", "--json");
        assertThat(copy.get("name").stringValue()).isEqualTo("me/mine:small");
        Path link = Path.of(copy.at("/files/0").stringValue());
        assertThat(Files.isSameFile(link, file)).isTrue();
        JsonNode removed = json("rm", "-y", "mine:small", "--json");
        assertThat(removed.at("/removed/0/freed_bytes").longValue()).isZero();
        assertThat(file).exists();
        assertThat(link).doesNotExist();
    }

    @Test
    void aShippedModelCanHaveANameOfOnesOwn() {
        assertThat(Cli.run("cp", "tinystories", "me/story").code()).isZero();
        assertThat(Models.find("me/story")).exists();
        assertThat(Models.find("story").startsWith(home.models())).isTrue();
        assertThat(Cli.run("cp", "tinystories", "me/story").code()).isEqualTo(1);
        assertThat(Cli.run("cp", "tinystories", "../story").code()).isEqualTo(2);
        assertThat(Cli.run("cp", "no-such-model", "x").code()).isEqualTo(2);
    }

    @Test
    void anAmbiguousNameIsWrongUseWithTheCandidates() throws IOException {
        home.model("a/same/x.gguf");
        home.model("b/same/y.gguf");
        Cli run = Cli.run("show", "same");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("a/same or b/same", "cure");
        assertThat(Cli.run("show", "a/same").code()).isZero();
    }
}
