package dev.snoozy.cli.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CurateCommandTest {
    @TempDir Path folder = Path.of("");

    private Path data() throws IOException {
        return Files.writeString(
                folder.resolve("rows.jsonl"),
                """
                {"prompt": "Name a colour of the sky.", "response": "Blue, on most days."}
                {"prompt": "Name a colour of the sky!", "response": "Blue on most days"}
                {"prompt": "Name a fruit.", "response": ""}
                {"prompt": "Name a
                {"prompt": "Name a tree.", "response": "An oak is a tree."}
                """);
    }

    @Test
    void filesAreCuratedAndTheResultIsToldAsJson() throws IOException {
        Path out = folder.resolve("out");
        Cli run = Cli.run("curate", data().toString(), "-o", out.toString(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = Json.mapper().readTree(run.out());
        assertThat(report.path("read").asInt()).isEqualTo(4);
        assertThat(report.path("kept").asInt()).isEqualTo(2);
        assertThat(report.path("malformed").asInt()).isEqualTo(1);
        assertThat(run.err()).contains("no map: 3 rows");
        assertThat(out.resolve("train.jsonl")).exists();
        assertThat(out.resolve("manifest.json")).exists();
    }

    @Test
    void aRecipeNamesFilesBesideIt() throws IOException {
        data();
        Path recipe =
                Files.writeString(
                        folder.resolve("recipe.yaml"),
                        """
                        format: snoozy-recipe-1
                        inputs: [rows.jsonl]
                        filters: {empty: off}
                        duplicates: off
                        map: {rows: 0}
                        """);
        Path out = folder.resolve("out");
        Cli run = Cli.run("curate", recipe.toString(), "-o", out.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("kept                                          3")
                .contains("wrote ");
    }

    @Test
    void wrongUseIsTold() throws IOException {
        Path out = folder.resolve("out");
        Cli missing =
                Cli.run("curate", folder.resolve("none.jsonl").toString(), "-o", out.toString());
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no file");
        Path recipe =
                Files.writeString(
                        folder.resolve("r.yaml"), "format: snoozy-recipe-1\ninputs: [a]\nmix: 1\n");
        Cli both = Cli.run("curate", recipe.toString(), data().toString(), "-o", out.toString());
        assertThat(both.code()).isEqualTo(2);
        Cli wrong = Cli.run("curate", recipe.toString(), "-o", out.toString());
        assertThat(wrong.code()).isNotZero();
        assertThat(wrong.err()).contains("r.yaml, line 3").contains("\"mix\" is not known");
        assertThat(
                        Cli.run(
                                        "curate",
                                        data().toString(),
                                        "-o",
                                        out.toString(),
                                        "--validation",
                                        "0.9")
                                .code())
                .isEqualTo(2);
        assertThat(
                        Cli.run("curate", data().toString(), "-o", out.toString(), "--threads", "0")
                                .code())
                .isEqualTo(2);
    }
}
