package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class BenchCommandTest {
    private static final String PEER =
            """
            {"results": [
              {"test": "pp8", "threads": 1, "depth": 4, "median": 1e-3},
              {"test": "pp8", "threads": 2, "depth": 0, "median": 5}]}
            """;

    @TempDir private Path folder;

    @Test
    void severalTextsAreDecodedAtTheSameTime() {
        JsonNode report = json("bench tinystories -p 0 -n 3 -s 1,4 -t 1 -r 2 --json".split(" "));
        assertThat(report.get("results").values())
                .extracting(r -> r.get("test").asString())
                .containsExactly("tg3", "tg3x4");
        assertThat(Cli.run("bench", "tinystories", "-s", "0").err())
                .contains("--sequences: expected 1 to 1024, found 0");
    }

    @Test
    void everyCombinationIsMeasuredAndEveryRepetitionTold() {
        JsonNode report =
                json("bench tinystories -p 8,0 -n 2 -t 1,2 -d 0,4 -r 3 --json".split(" "));
        JsonNode model = report.get("model");
        assertThat(model.get("file").asString()).endsWith(".gguf");
        assertThat(model.get("architecture").asString()).isEqualTo("llama");
        assertThat(model.get("type").asString()).isEqualTo("F32");
        assertThat(model.get("parameters").asLong()).isEqualTo(260_032);
        assertThat(model.get("bytes").asLong()).isEqualTo(4 * 260_032);
        assertThat(report.get("kernels").asString()).isNotEmpty();
        assertThat(report.get("machine").get("processors").asInt()).isPositive();
        assertThat(report.get("machine").get("os").asString()).isNotEmpty();
        assertThat(report.get("machine").get("java").asString()).startsWith("25");
        assertThat(report.has("versus")).isFalse();
        assertThat(report.get("results").values())
                .extracting(r ->
                        r.get("test").asString()
                                + " "
                                + r.get("threads").asInt()
                                + " "
                                + r.get("depth").asInt())
                .containsExactly(
                        "pp8 1 0", "tg2 1 0", "pp8 1 4", "tg2 1 4", "pp8 2 0", "tg2 2 0", "pp8 2 4",
                        "tg2 2 4");
        for (JsonNode result : report.get("results").values()) {
            assertThat(result.get("repetitions").values())
                    .hasSize(3)
                    .allMatch(speed -> speed.asDouble() > 0)
                    .extracting(JsonNode::asDouble)
                    .contains(result.get("median").asDouble());
        }
    }

    @Test
    void peopleSeeAMarkdownTable() {
        Cli run = Cli.run("bench tinystories -p 8 -n 0 -d 4 -t 1 -r 2".split(" "));
        assertThat(run.code()).as(run.err()).isZero();
        // Where there is machine code, the limits of the machine follow.
        List<String> table = run.out().lines().takeWhile(line -> !line.isEmpty()).toList();
        assertThat(table).hasSize(3);
        assertThat(run.out())
                .startsWith("| model | size | parameters | kernels | threads | test |");
        assertThat(run.out())
                .contains("stories260K-f32 (llama F32)")
                .containsPattern(
                        "\\| 1 \\| pp8 @ d4 \\| [0-9.]+ \\([0-9.]+\\.\\.[0-9.]+\\) \\| [0-9.]+ GOP/s");
    }

    @Test
    void aPeerIsComparedWhereItHasTheSameTest() throws IOException {
        Path peer = Files.writeString(folder.resolve("peer.json"), PEER);
        String[] args = ("bench tinystories -p 8 -n 2 -d 4 -t 1 -r 1 --vs " + peer).split(" ");
        Cli text = Cli.run(args);
        assertThat(text.code()).isZero();
        assertThat(text.out()).containsPattern("\\| pp8 @ d4 \\| 1 \\| [0-9.]+ \\| 0.00 \\| ");
        assertThat(text.err()).contains("1 of 2 tests are not in " + peer);

        JsonNode report = json((String.join(" ", args) + " --json").split(" "));
        assertThat(report.get("versus").size()).isEqualTo(1);
        JsonNode row = report.get("versus").get(0);
        double ours = report.get("results").get(0).get("median").asDouble();
        assertThat(row.get("test").asString()).isEqualTo("pp8");
        assertThat(row.get("ours").asDouble()).isEqualTo(ours);
        assertThat(row.get("peer").asDouble()).isEqualTo(1e-3);
        assertThat(row.get("ratio").asDouble()).isEqualTo(ours / 1e-3);
    }

    @Test
    void whatJsonPrintsIsAPeerForTheNextRun() throws IOException {
        Cli first = Cli.run("bench tinystories -p 4 -n 0 -t 1 -r 1 --json".split(" "));
        Path peer = Files.writeString(folder.resolve("peer.json"), first.out());
        JsonNode report =
                json(("bench tinystories -p 4 -n 0 -t 1 -r 1 --json --vs " + peer).split(" "));
        assertThat(report.get("versus").get(0).get("peer").asDouble())
                .isEqualTo(
                        Json.mapper()
                                .readTree(first.out())
                                .get("results")
                                .get(0)
                                .get("median")
                                .asDouble());
    }

    @Test
    void aMadeUpModelIsWrittenAndMeasured() {
        Path file = folder.resolve("tiny.gguf");
        String make = "bench --random tiny --type Q4_K_M --seed 5 --out " + file;
        Cli written = Cli.run((make + " --write-only").split(" "));
        assertThat(written.code()).as(written.err()).isZero();
        assertThat(written.out()).startsWith("wrote " + file).contains("Q4_K_M");
        JsonNode told = json((make + " --write-only --json").split(" ")).get("model");
        assertThat(told.get("type").asString()).isEqualTo("Q4_K_M");

        JsonNode report = json((make + " -p 4 -n 2 -t 1 -r 1 --json").split(" "));
        assertThat(report.get("model")).isEqualTo(told);
        assertThat(report.get("results").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tinystories --random tiny --type Q4_0 --out x.gguf",
                "tinystories --type Q4_0",
                "tinystories --write-only",
                "tinystories --seed 3",
                "--random tiny --type Q4_0",
                "--random tiny --out x.gguf",
                "--random tony --type Q4_0 --out x.gguf",
                "--random tiny --type Q4_9 --out x.gguf",
                "--random tiny --type Q8_K --out x.gguf",
                "--random tiny --type Q4_0 --out x.gguf --write-only -p 4",
                "--random tiny --type Q4_0 --out x.gguf --vocab no-such-model",
                "tinystories -p 0 -n 0",
                "tinystories -p -1",
                "tinystories -p 16777217",
                "tinystories -p 4,x",
                "tinystories -t 0",
                "tinystories -r 0",
                "tinystories -d -1",
                "tinystories --weights nowhere",
                "--random tiny --type Q4_0 --out x.gguf --write-only --weights mapped",
                "--random tiny --type Q4_0 --out x.gguf --write-only -s 2",
                "tinystories -b 512",
                "tinystories --vs no-such-file.json",
                "no-such-model"
            })
    void wrongUseIsOneLineAndExitCodeTwo(String arguments) {
        Cli run = Cli.run(("bench " + arguments).strip().split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().filter(line -> line.startsWith("snoozy: "))).hasSize(1);
        assertThat(Path.of("x.gguf")).doesNotExist();
    }

    @Test
    void helpNamesEveryShape() {
        assertThat(Cli.run("bench", "--help").out().replaceAll("\\s", "")).contains(Shape.names());
    }

    @Test
    void nothingIsLeftOfAModelThatCannotBeWritten() {
        Cli run =
                Cli.run(
                        "bench",
                        "--random",
                        "tiny",
                        "--type",
                        "Q4_0",
                        "--out",
                        folder.resolve("no").resolve("x.gguf").toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("there is no folder").contains("cure");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anUnknownNameIsToldWithNearOnes() {
        assertThat(Cli.run("bench --random lama-1b --type Q4_0 --out x".split(" ")).err())
                .contains("found \"lama-1b\"")
                .contains("near names: llama-1b");
        assertThat(Cli.run("bench --random tiny --type Q4KM --out x".split(" ")).err())
                .contains("found \"Q4KM\"")
                .contains("Q4_K_M");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{}",
                "{\"results\": []}",
                "{\"results\": [{\"test\": \"pp8\", \"threads\": 1, \"median\": 0}]}",
                "{\"results\": [{\"test\": \"pp8\", \"median\": 5}]}"
            })
    void aPeerOfAnotherFormIsRefusedBeforeAnythingIsMeasured(String text) throws IOException {
        Path peer = Files.writeString(folder.resolve("peer.json"), text);
        Cli run = Cli.run("bench", "tinystories", "--vs", peer.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(peer.toString());
    }

    private static JsonNode json(String... args) {
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isZero();
        return Json.mapper().readTree(run.out());
    }
}
