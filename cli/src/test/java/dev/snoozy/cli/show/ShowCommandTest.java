package dev.snoozy.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Sha256;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

class ShowCommandTest {
    @TempDir private Path folder;

    @Test
    void everyTensorIsToldWithTheDigestOfItsData() throws Exception {
        JsonNode report = json("show", "tinystories", "--json", "--sha256");
        JsonNode tensors = report.get("tensors");
        try (GgufFile file = Models.open("tinystories")) {
            assertThat(tensors.size()).isEqualTo(file.tensors().size());
            int i = 0;
            for (TensorInfo tensor : file.tensors()) {
                JsonNode told = tensors.get(i++);
                assertThat(told.get("name").asString()).isEqualTo(tensor.name());
                assertThat(told.get("type").asString()).isEqualTo(tensor.type().name());
                assertThat(told.get("bytes").asLong()).isEqualTo(tensor.bytes());
                assertThat(told.get("shape").values())
                        .extracting(JsonNode::asLong)
                        .isEqualTo(tensor.shape());
                byte[] data = file.data(tensor).toArray(ValueLayout.JAVA_BYTE);
                byte[] digest = Sha256.digest().digest(data);
                assertThat(told.get("sha256").asString())
                        .isEqualTo(HexFormat.of().formatHex(digest));
            }
        }
        assertThat(report.get("parameters").asLong()).isEqualTo(260_032);
        assertThat(report.get("metadata").get("llama.block_count").asInt()).isEqualTo(5);
    }

    @Test
    void digestsAreToldOnlyWhenAsked() {
        JsonNode tensor = json("show", "tinystories", "--json").get("tensors").get(0);
        assertThat(tensor.has("sha256")).isFalse();
    }

    @Test
    void memoryGrowsWithTheContextAndNotInAWindow() throws IOException {
        Path full =
                TinyModel.llama()
                        .with("llama.context_length", 8192)
                        .writeTo(folder.resolve("full.gguf"));
        Path windowed =
                TinyModel.gemma3()
                        .with("gemma3.context_length", 8192)
                        .with("gemma3.attention.sliding_window", 4096)
                        .writeTo(folder.resolve("windowed.gguf"));
        // 32 pages, and 128 of which pools make some more
        assertThat((double) cache(full, 8192) / cache(full, 2048)).isBetween(4.0, 4.5);
        // What the windows of five of six layers have left is remembered: as much as without.
        assertThat((double) cache(windowed, 8192) / cache(windowed, 2048)).isBetween(4.0, 4.5);
    }

    private static long cache(Path model, int context) {
        JsonNode report = json("show", model.toString(), "--json");
        for (JsonNode row : report.get("memory").values()) {
            if (row.get("context_length").asInt() == context) {
                long sum = 0;
                for (String part : List.of("weights", "kv_cache", "compute", "program")) {
                    assertThat(row.get(part).asLong()).as(part).isPositive();
                    sum += row.get(part).asLong();
                }
                assertThat(row.get("total").asLong()).isEqualTo(sum);
                assertThat(row.get("verdict").asString()).isEqualTo("FITS");
                return row.get("kv_cache").asLong();
            }
        }
        throw new AssertionError("no row for " + context);
    }

    @Test
    void theContextThatIsAskedForIsTold() {
        Cli run = Cli.run("show", "tinystories", "--ctx", "100");
        assertThat(run.code()).isZero();
        assertThat(run.out()).containsPattern(" 100 +1[0-9.]+ [KM]iB +[0-9]+ KiB .* fits");
        assertThat(run.out()).contains("are free; together counts ");
    }

    @Test
    void whatIsFreeAndTheLongestTextAreTold() {
        JsonNode report = json("show", "tinystories", "--json");
        assertThat(report.get("memory_free").asLong()).isPositive();
        assertThat(report.get("longest_context").asInt()).isEqualTo(512);
    }

    @Test
    void theCacheIsCountedInItsType() {
        assertThat(Cli.run("show", "tinystories", "-c", "100", "--cache-type", "f32").out())
                .contains("F32 cache");
        assertThat(ofType("f32")).isEqualTo(2 * ofType("f16"));
        assertThat(ofType("q8_0")).isLessThan(ofType("f16"));
        Cli unknown = Cli.run("show", "tinystories", "--cache-type", "q4_0");
        assertThat(unknown.code()).isNotZero();
        assertThat(unknown.err()).contains("--cache-type: expected f32, f16 or q8_0, found q4_0");
    }

    private static long ofType(String type) {
        JsonNode report = json("show", "tinystories", "--json", "--cache-type", type);
        return report.get("memory").get(0).get("kv_cache").asLong();
    }

    @Test
    void peopleSeeLayersTogetherOrEachTensor() {
        assertThat(Cli.run("show", "tinystories").out())
                .contains("blk.{0-4}.attn_q.weight")
                .contains("260 K (260032)")
                .contains("context length  512 tokens")
                .contains("tokenizer.ggml.tokens = 512 ×");
        assertThat(Cli.run("show", "tinystories", "--tensors").out())
                .contains("blk.3.attn_q.weight")
                .doesNotContain("blk.{");
    }

    @Test
    void aFileCannotWriteToTheTerminal() throws IOException {
        Path model =
                TinyModel.llama()
                        .with("general.name", "\u001b[2Jgone\r\n\u202e")
                        .with("evil\u0007key", "x")
                        .writeTo(folder.resolve("evil.gguf"));
        String out = Cli.run("show", model.toString()).out();
        assertThat(out).contains("\\u001b[2Jgone\\r\\n\\u202e").contains("evil\\u0007key");
        assertThat(out.chars().filter(c -> c < ' ' && c != '\n').count()).isZero();
    }

    @Test
    void aFileThatThisVersionCannotRunIsShownAllTheSame() throws IOException {
        Path model =
                TinyModel.llama()
                        .with("general.architecture", "unheard")
                        .writeTo(folder.resolve("new.gguf"));
        Cli run = Cli.run("show", model.toString());
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("unheard").contains("Tensors").doesNotContain("Memory");
    }

    private static JsonNode json(String... args) {
        Cli run = Cli.run(args);
        assertThat(run.code()).as(run.err()).isZero();
        return Json.mapper().readTree(run.out());
    }
}
