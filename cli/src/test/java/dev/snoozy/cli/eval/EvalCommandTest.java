package dev.snoozy.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code snoozy eval} on two small sets of its own. */
class EvalCommandTest {
    @TempDir private Path folder;
    private Path sets;

    @BeforeEach
    void write() throws IOException {
        sets = Files.createDirectories(folder.resolve("sets"));
        StringBuilder piqa = new StringBuilder();
        StringBuilder gaps = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            piqa.append(
                    """
                    {"goal":"Play with ball %d","sol1":"throw it","sol2":"stir the quantum","label":0}
                    """
                            .formatted(i));
            gaps.append(
                    """
                    {"sentence":"Tim %d saw Sue and _ was happy.","option1":"Sue","option2":"cars","answer":"1"}
                    """
                            .formatted(i));
        }
        Files.writeString(sets.resolve("piqa_valid.jsonl"), piqa);
        Files.writeString(sets.resolve("winogrande_dev.jsonl"), gaps);
    }

    private Cli run(String... more) {
        List<String> all = new ArrayList<>(List.of("eval", "tinystories"));
        all.addAll(List.of("--data", sets.toString(), "-o", folder.resolve("out").toString()));
        all.addAll(List.of(more));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void theTableHasAFigureForEachTaskAndTheResultsAreKept() throws IOException {
        Cli run = run("--published", "--prompt", "Once upon a time");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst().orElseThrow())
                .matches("model +PIQA +WinoGrande +average");
        assertThat(run.out())
                .contains("100.0 ± 0.0")
                .containsPattern("GPT4All 13B Snoozy \\(published\\) +79\\.2");
        assertThat(run.out()).contains("with the model's beginning token", "|, there was");
        Path report = folder.resolve("out/report.json");
        JsonNode json = Json.mapper().readTree(Files.readString(report));
        assertThat(json.path("models").get(0).path("tasks").get(0).path("items").asInt())
                .isEqualTo(6);
        try (var files = Files.walk(folder.resolve("out"))) {
            Path items = files.filter(f -> f.endsWith("piqa.jsonl")).findFirst().orElseThrow();
            assertThat(Files.readAllLines(items)).hasSize(7);
        }
    }

    @Test
    void severalModelsAreComparedWithTheFirst() {
        Cli run = run("tinystories", "--json", "--limit", "3");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = Json.mapper().readTree(run.out());
        assertThat(json.path("models").size()).isEqualTo(2);
        JsonNode last = json.path("differences").get(2);
        assertThat(last.path("task").asString()).isEqualTo("all");
        assertThat(last.path("items").asInt()).isEqualTo(6);
        assertThat(last.path("difference").asDouble()).isZero();
        assertThat(last.path("p_value").asDouble()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--profile loud",
                "--tasks arc_easy",
                "--tasks chess",
                "--limit -1",
                "--perplexity none.txt",
                "--parallel 0"
            })
    void whatCannotBeIsRefused(String flags) {
        Cli run = run(flags.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("snoozy: ");
    }

    @Test
    void aFolderWithoutSetsIsRefused() {
        Cli none = Cli.run("eval", "tinystories", "--data", folder.resolve("none").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--data");
    }
}
