package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class QuantizeTargetTest {
    @TempDir private Path folder;

    private String out() {
        return folder.resolve("out.gguf").toString();
    }

    @Test
    void theFileIsNoLargerThanAskedForAndTold() throws IOException {
        Cli run = Cli.run("quantize", "tinystories", out(), "--target-size", "270 KB", "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode told = Json.mapper().readTree(run.out());
        long bytes = Files.size(Path.of(out()));
        assertThat(bytes).isBetween(260_000L, 270_000L);
        assertThat(told.get("file_bytes").asLong()).isEqualTo(bytes);
        assertThat(told.get("type").asString()).isEqualTo("270 KB");
        assertThat(told.get("expected_kl_divergence").asDouble()).isBetween(1e-4, 1.0);
        double sum = 0;
        for (JsonNode tensor : told.get("tensors")) {
            sum += tensor.has("loss") ? tensor.get("loss").asDouble() : 0;
        }
        assertThat(told.get("expected_kl_divergence").asDouble()).isCloseTo(sum, within(1e-9));
        Cli text = Cli.run("run", out(), "Once upon a time", "-n", "5", "--temp", "0");
        assertThat(text.code()).as(text.err()).isZero();
    }

    @Test
    void aDryRunShowsErrorsAndWritesNothing() throws IOException {
        Path probe = folder.resolve("probe.txt");
        Files.writeString(probe, "Once there was a cat who liked to sing all day. ".repeat(4));
        Cli run =
                Cli.run(
                        "quantize",
                        "--dry-run",
                        "tinystories",
                        "--target-bpw",
                        "8.5",
                        "--probe",
                        probe.toString(),
                        "--tensor-type",
                        "token_embd=F16");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("blk.0.attn_q.weight +64x64 +\\w+ +error [0-9.e-]+  loss")
                .containsPattern("token_embd.weight +64x512 +F16")
                .contains("expected KL divergence on the probe");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aModelThatCannotRunNeedsAnImportanceMatrix() throws IOException {
        Path unknown = folder.resolve("unknown.gguf");
        try (GgufFile model = GgufFile.open(Models.find("tinystories"))) {
            Map<String, Object> keys = new LinkedHashMap<>(model.metadata().values());
            keys.put("general.architecture", "martian");
            GgufWriter.write(
                    unknown, new Metadata(keys), List.copyOf(model.tensors()), model::data);
        }
        String[] words = {"quantize", unknown.toString(), out(), "--target-bpw", "8.5"};
        Cli refused = Cli.run(words);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("martian").contains("cure: --imatrix FILE");
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "Once there was a cat who liked to sing all day. ".repeat(40));
        Path matrix = folder.resolve("matrix.gguf");
        Cli made =
                Cli.run(
                        "imatrix",
                        "tinystories",
                        "-f",
                        text.toString(),
                        "-o",
                        matrix.toString(),
                        "-c",
                        "64");
        assertThat(made.code()).as(made.err()).isZero();
        Cli run =
                Cli.run(
                        "quantize",
                        unknown.toString(),
                        out(),
                        "--target-bpw",
                        "8.5",
                        "--imatrix",
                        matrix.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("by the importance matrix alone").contains("martian");
        assertThat(run.out()).contains("the file has").doesNotContain("expected KL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "0", "NaN", "5XB", "", "1e9GB", "4,5GB", "0x10"})
    void aSizeThatIsNoneIsRefused(String size) {
        wrong("--target-size: ", "quantize", "tinystories", out(), "--target-size=" + size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "0", "NaN", "Infinity", "four", ""})
    void bitsThatAreNoneAreRefused(String bits) {
        wrong("--target-bpw: ", "quantize", "tinystories", out(), "--target-bpw=" + bits);
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws IOException {
        String[] both = {"quantize", "tinystories", out(), "--target-size", "1MB", "--target-bpw"};
        wrong("one of", both[0], both[1], both[2], both[3], both[4], both[5], "4");
        wrong("no TYPE", both[0], both[1], both[2], "Q4_0", both[3], both[4]);
        wrong("no TYPE", both[0], "--dry-run", both[1], "Q4_0", both[3], both[4]);
        wrong("--pure", both[0], both[1], both[2], "--pure", both[3], both[4]);
        wrong("IN OUT", both[0], both[1], both[3], both[4]);
        wrong("--probe goes with", both[0], both[1], both[2], "Q4_0", "--probe", "x");
        wrong("--shapes", both[0], "--dry-run", "--shapes", "x", both[3], both[4]);
        Path probe = folder.resolve("probe.txt");
        Files.writeString(probe, "too short");
        wrong("the probe has", both[0], both[1], out(), both[3], both[4], "--probe", "" + probe);
        Cli small = Cli.run("quantize", "tinystories", out(), "--target-size", "1KB");
        assertThat(small.code()).isEqualTo(1);
        assertThat(small.err()).contains("1KB: the smallest that can be made is 242464 bytes");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(probe);
        }
    }

    private static void wrong(String message, String... words) {
        Cli run = Cli.run(words);
        assertThat(run.err()).contains(message);
        assertThat(run.code()).isEqualTo(2);
    }
}
