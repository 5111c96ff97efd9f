package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

class QuantizeCommandTest {
    @TempDir private Path folder;

    private String out() {
        return folder.resolve("out.gguf").toString();
    }

    @Test
    void aModelIsWrittenAndTold() throws IOException {
        Cli run = Cli.run("quantize", "tinystories", out(), "Q8_0", "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode told = Json.mapper().readTree(run.out());
        assertThat(told.get("type").asString()).isEqualTo("Q8_0");
        assertThat(told.get("target").asString()).isEqualTo(out());
        assertThat(told.get("bits_per_weight").asDouble()).isBetween(8.5, 16.0);
        try (GgufFile file = GgufFile.open(Path.of(out()))) {
            assertThat(told.get("tensors")).hasSize(file.tensors().size());
            TensorInfo queries = Objects.requireNonNull(file.tensor("blk.0.attn_q.weight"));
            assertThat(queries.type()).isEqualTo(TensorType.Q8_0);
            assertThat(file.metadata().integer("general.file_type")).isEqualTo(7);
        }
        Cli text = Cli.run("run", out(), "Once upon a time", "-n", "5", "--temp", "0");
        assertThat(text.code()).as(text.err()).isZero();
    }

    @Test
    void peopleSeeSizesAndWhatBecameAnotherType() {
        Cli run = Cli.run("quantize", "tinystories", out(), "q4_k_m", "-t", "1");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("bits per weight")
                .contains("tensors: Q5_0, rows of 64 are no whole blocks of Q4_K")
                .contains("wrote " + out());
    }

    @Test
    void aDryRunWritesNothingAndSaysWhatWouldBeRefused() throws IOException {
        Cli run = Cli.run("quantize", "--dry-run", "tinystories", out(), "Q4_0");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("blk.0.attn_q.weight").contains("Q4_0: ");
        Cli.run("quantize", "tinystories", out(), "Q8_0");
        Cli again = Cli.run("quantize", "--dry-run", out(), "Q4_0");
        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("it would be refused").contains("--allow-requantize");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void patternsAndPureGoBeyondTheMixture() {
        Cli run =
                Cli.run(
                        "quantize",
                        "--dry-run",
                        "tinystories",
                        "Q4_0",
                        "--pure",
                        "--tensor-type",
                        "attn_[qk]=q5_1",
                        "--json");
        assertThat(run.code()).as(run.err()).isZero();
        for (JsonNode tensor : Json.mapper().readTree(run.out()).get("tensors")) {
            String expected =
                    switch (tensor.get("name").asString()) {
                        case "token_embd.weight", "blk.0.ffn_up.weight" -> "Q4_0";
                        case "blk.0.attn_q.weight", "blk.1.attn_k.weight" -> "Q5_1";
                        default -> tensor.get("to").asString();
                    };
            assertThat(tensor.get("to").asString()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "falcon-32layers, 19",
        "llama-4layers-width96-fallback, 19",
        "llama-80layers-gqa8, 8"
    })
    void theTypesOfATableOfShapesAreToldForEveryColumn(String kind, int columns)
            throws IOException {
        Path file = Data.shared().resolve("golden").resolve("presets").resolve(kind + ".tsv");
        assumeTrue(Files.exists(file), "skipped: no reference data at " + file);
        Cli run = Cli.run("quantize", "--dry-run", "--shapes", file.toString(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode plans = Json.mapper().readTree(run.out()).get("plans");
        assertThat(plans).hasSize(columns);
        assertThat(plans.get(0).get("type").asString()).isEqualTo("Q2_K");
        List<String> lines = Files.readAllLines(file);
        long tensors = lines.stream().filter(line -> line.contains(".weight\t")).count();
        assertThat(plans.get(0).get("tensors").size()).isGreaterThanOrEqualTo((int) tensors);
    }

    @Test
    void aTableMayTellOfExperts() throws IOException {
        Path table = folder.resolve("table.tsv");
        Files.writeString(
                table,
                "# architecture llama, 1 layers, 8 heads, 8 kv heads, 8 experts\n"
                        + "output.weight\t256x320\nblk.0.attn_k.weight\t256x256\n");
        Cli run = Cli.run("quantize", "--dry-run", "--shapes", table.toString(), "Q4_K_M");
        assertThat(run.out()).containsPattern("attn_k.weight +256x256 +Q8_0");
        Files.writeString(table, "blk.0.attn_k.weight\t256x-1\n");
        Cli wrong = Cli.run("quantize", "--dry-run", "--shapes", table.toString(), "Q4_K_M");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("line 1").contains("256x-1");
    }

    @Test
    void wrongUseIsToldWithTheCure() {
        wrong("near names: Q4_K_S, Q4_K_M", "quantize", "tinystories", out(), "Q4_K_L");
        wrong("expected IN OUT TYPE, found 2", "quantize", "tinystories", out());
        wrong("goes with --dry-run", "quantize", "--shapes", "x.tsv", "Q4_0");
        String[] pattern = {"quantize", "tinystories", out(), "Q4_0", "--tensor-type", "attn"};
        wrong("expected REGEX=TYPE", pattern);
        pattern[5] = "attn=Q9_0";
        wrong("near names: Q", pattern);
        pattern[5] = "(=Q8_0";
        wrong("--tensor-type", pattern);
        wrong("expected 1 or more", "quantize", "tinystories", out(), "Q4_0", "-t", "0");
        wrong("no such file", "quantize", "tinystories", out(), "Q4_0", "--imatrix", "none");
        String model = Models.find("tinystories").toString();
        wrong("the model itself", "quantize", model, model, "Q4_0");
    }

    private static void wrong(String message, String... words) {
        Cli run = Cli.run(words);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }
}
