package dev.snoozy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.hub.HubHome;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models that a server offers, and what clients may do to them. */
class ServedModelsTest {
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

    private static void refused(Kind kind, String word, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(word);
    }

    @Test
    void modelsAreOfferedByTheirNamesAndShortForms() throws IOException {
        Path file = home.model("pub/repo/x-Q4_0.gguf");
        home.model("b/same/x1.gguf");
        home.model("a/same/x2.gguf");
        ServedModels models = ServedModels.known(false);
        assertThat(models.all().stream().map(ModelFiles.Entry::name))
                .contains("tinystories", "pub/repo", "a/same", "b/same");
        for (String name : new String[] {"pub/repo", "repo", "REPO:q4_0", "x-Q4_0"}) {
            assertThat(models.find(name).orElseThrow().file()).as(name).isEqualTo(file);
        }
        assertThat(models.find("no-such-model")).isEmpty();
        assertThat(models.find("../" + file)).isEmpty();
        assertThat(models.find("")).isEmpty();
        refused(Kind.MODEL_NOT_FOUND, "a/same or b/same", () -> models.find("same"));
    }

    @Test
    void nothingIsChangedUnlessTheServerWasStartedSo() throws IOException {
        Path file = home.model("mine.gguf");
        ServedModels models = ServedModels.known(false);
        ModelFiles.Entry mine = models.find("mine").orElseThrow();
        refused(Kind.FORBIDDEN, "--allow-changes", () -> models.removal(mine));
        refused(Kind.FORBIDDEN, "--allow-changes", () -> models.copy(mine, "yours"));
        assertThat(file).exists();
    }

    @Test
    void aModelIsRemovedAndGoneFromTheList() throws IOException {
        Path file = home.model("mine.gguf");
        ServedModels models = ServedModels.known(true);
        models.removal(models.find("mine").orElseThrow()).run();
        assertThat(file).doesNotExist();
        assertThat(models.find("mine")).isEmpty();
    }

    @Test
    void whatIsNotTheUsersOwnIsNotRemoved() {
        ServedModels models = ServedModels.known(true);
        ModelFiles.Entry shipped = models.find("tinystories").orElseThrow();
        refused(Kind.FORBIDDEN, "left alone", () -> models.removal(shipped));
        assertThat(shipped.file()).exists();
    }

    @Test
    void aModelIsGivenAnotherName() throws IOException {
        Path file = home.model("mine.gguf");
        ServedModels models = ServedModels.known(true);
        ModelFiles.Entry mine = models.find("mine").orElseThrow();
        assertThat(Files.isSameFile(models.copy(mine, "me/yours:1").file(), file)).isTrue();
        assertThat(models.find("me/yours:1")).isPresent();
        refused(Kind.INVALID_REQUEST, "taken", () -> models.copy(mine, "ME/yours:1"));
        for (String bad : new String[] {"../x", "/etc/x", "a\\b", "", "a/../b", "x\u0000"}) {
            refused(Kind.INVALID_REQUEST, "destination", () -> models.copy(mine, bad));
        }
    }

    @Test
    void aFileThatLiesElsewhereIsTakenWhereItIs() throws Exception {
        Path file = home.lmStudio("pub/repo/other.gguf");
        ServedModels models = ServedModels.known(true);
        ModelFiles.Import found = models.importing(file, "me/taken", false);
        assertThat(found.name()).isEqualTo("me/taken");
        found.run(done -> {});
        Path here = models.find("me/taken").orElseThrow().file();
        assertThat(Files.isSameFile(here, file)).isTrue();
        refused(Kind.INVALID_REQUEST, "free", () -> models.importing(file, "me/taken", false));
        refused(Kind.INVALID_REQUEST, "already", () -> models.importing(here, "x", true));
        refused(Kind.INVALID_REQUEST, "path", () -> models.importing(Path.of("x"), "x", true));
        ServedModels fixed = ServedModels.known(false);
        refused(Kind.FORBIDDEN, "--allow-changes", () -> fixed.importing(file, "y", false));
    }

    @Test
    void theOneModelOfAServerIsNotChanged() throws IOException {
        Path file = home.model("mine.gguf");
        OneModel models = OneModel.of("mine", null);
        ModelFiles.Entry entry = models.find("anything").orElseThrow();
        assertThat(entry.name()).isEqualTo("mine");
        refused(Kind.FORBIDDEN, "one model", () -> models.removal(entry));
        refused(Kind.FORBIDDEN, "one model", () -> models.copy(entry, "x"));
        assertThat(file).exists();
        assertThat(Cli.run("serve", "--model", "mine", "--allow-changes").code()).isEqualTo(2);
    }
}
