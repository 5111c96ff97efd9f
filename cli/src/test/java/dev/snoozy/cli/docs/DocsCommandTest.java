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
import java.util.List;

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

    /** Nothing but text and ends of lines, which is what a terminal may be given of others. */
    private static void assertHarmless(Cli cli) {
        assertThat((cli.out() + cli.err()).codePoints())
                .noneMatch(c -> Character.isISOControl(c) && c != '\n')
                .noneMatch(c -> Character.getType(c) == Character.FORMAT);
    }

    @Test
    void whatFilesSayDoesNothingToATerminal() throws IOException {
        String evil = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.\u2066x\u2069\r";
        Path hostile = documents.resolve("c" + evil + ".md");
        String text = "The owl" + evil + " sleeps by day. ";
        Files.writeString(hostile, "# Owls" + evil + "\n\n" + text.repeat(100));
        Files.writeString(documents.resolve("d" + evil + ".pdf"), "no pdf" + evil);
        String place = documents.toString();
        for (Cli cli :
                List.of(Cli.run("docs", "add", place), Cli.run("docs", "status", "--files"))) {
            assertThat(cli.code()).as(cli.err()).isZero();
            assertThat(cli.out() + cli.err()).contains("d\\u001b]0;owned\\u0007");
            assertHarmless(cli);
        }
        Cli found = Cli.run("docs", "search", "owl sleeps");
        assertThat(found.out()).contains("The owl\\u001b]0;owned").contains("(Owls\\u001b]0;");
        assertHarmless(found);
        String model =
                new KnowingModel("It" + evil, "\n is", " [1]")
                        .writeTo(folder.resolve("knowing.gguf"))
                        .toString();
        Cli answer = Cli.run("docs", "ask", "what does the owl do?", "-m", model);
        assertThat(answer.out()).startsWith("It\\u001b]0;owned").contains("\n is [1]\n[1] c");
        assertHarmless(answer);
        Cli summary = Cli.run("docs", "summary", hostile.toString(), "-m", model);
        assertThat(summary.out()).startsWith("It\\u001b]0;owned").contains("\n is [1]\n");
        assertHarmless(summary);
        Cli none = Cli.run("docs", "summary", hostile + "x", "-m", model);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("\\u001b]0;owned");
        assertHarmless(none);
        JsonNode exact = json("docs", "ask", "what does the owl do?", "-m", model, "--json");
        assertThat(exact.get("answer").asString()).startsWith("It" + evil);
    }

    @Test
    void theWordsThatWereFoundAreShown() throws IOException {
        String more = "Some birds sing in the night. ".repeat(20);
        Files.writeString(documents.resolve("c.md"), more + "The owl sleeps by day.");
        Cli.run("docs", "add", documents.toString());
        assertThat(Cli.run("docs", "search", "owls").out())
                .contains("\n    …birds sing in the night. Some birds")
                .contains("The owl sleeps by day.\n");
        assertThat(Cli.run("docs", "search", "birds").out()).contains("\n    Some birds");
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
