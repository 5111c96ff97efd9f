package dev.snoozy.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands from rows to an adapter, to a merged model. */
class TuneCommandTest {
    @TempDir Path folder;
    private String base = "";
    private String data = "";

    @BeforeEach
    void write() throws IOException {
        base = TinyModel.llama().writeTo(folder.resolve("base.gguf")).toString();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add(
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"say %d\"},".formatted(i)
                            + " {\"role\": \"assistant\", \"content\": \"it is one\"}]}");
        }
        data = Files.write(folder.resolve("data.jsonl"), rows).toString();
    }

    private Cli tune(String... more) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("tune", base, data, "-o", folder.resolve("run").toString()));
        words.addAll(List.of("--rank", "2", "--batch", "4", "-t", "2", "--warmup", "0"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray(String[]::new));
    }

    @Test
    void anAdapterIsTrainedUsedAndMerged() {
        Cli tuned = tune("--lr", "0.02", "--steps", "8", "--epochs", "9", "--validation", "0.25");
        assertThat(tuned.err()).contains("6 texts").contains("2 held back").contains("step 8");
        assertThat(tuned.code()).isZero();
        assertThat(tuned.out()).contains("adapter.gguf").contains("validation loss");
        assertThat(tuned.out()).contains(" t/s, ").contains(" GFLOP/s over the steps");
        String adapter = folder.resolve("run/adapter.gguf").toString();
        Cli run = Cli.run("run", base, "say 1", "--raw", "-n", "3", "--lora", adapter + ":0.5");
        assertThat(run.code()).isZero();
        Path out = folder.resolve("merged.gguf");
        Cli merged = Cli.run("merge", base, adapter, "-o", out.toString(), "--json");
        assertThat(merged.code()).isZero();
        assertThat(merged.out()).contains("\"divergence\"");
        assertThat(out).exists();
    }

    @Test
    void lengthsAreTrainedAndMerged() throws IOException {
        Path rows = folder.resolve("measured.jsonl");
        Files.copy(Path.of(data), rows);
        Cli tuned =
                tune(
                        "--dora",
                        "--steps",
                        "4",
                        "--epochs",
                        "9",
                        "--validation",
                        rows.toString(),
                        "--sample",
                        "say 9",
                        "--sample-tokens",
                        "4");
        assertThat(tuned.code()).isZero();
        assertThat(tuned.err()).contains("8 texts").contains("8 held back").contains("say 9");
        assertThat(tuned.out()).contains("snoozy merge");
        String adapter = folder.resolve("run/adapter.gguf").toString();
        Cli run = Cli.run("run", base, "say 1", "--raw", "-n", "3", "--lora", adapter);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("magnitudes").contains("snoozy merge");
        Path out = folder.resolve("merged.gguf");
        Cli merged = Cli.run("merge", base, adapter, "-o", out.toString());
        assertThat(merged.code()).isZero();
        assertThat(merged.out()).contains("parity");
        assertThat(tune("--validation", "none.jsonl").err()).contains("--validation");
    }

    @Test
    void aRunIsResumedWhereItStands() {
        Cli first = tune("--steps", "2", "--epochs", "9", "--json");
        assertThat(first.code()).isZero();
        JsonNode result = Json.mapper().readTree(first.out());
        assertThat(result.path("gflops").asDouble()).isPositive();
        assertThat(result.path("speed").asDouble()).isPositive();
        assertThat(tune("--steps", "2", "--epochs", "9").err()).contains("has a run already");
        assertThat(tune("--steps", "2", "--epochs", "9", "--resume").code()).isZero();
        Cli other = tune("--steps", "3", "--epochs", "9", "--resume");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("other options or data");
    }

    @Test
    void wrongUseIsOneLineAndExitCodeTwo() {
        assertThat(tune("--preset", "loud").code()).isEqualTo(2);
        assertThat(tune("--lr", "-1").err()).contains("learning rate");
        assertThat(tune("--rank", "0").code()).isEqualTo(2);
        assertThat(tune("--targets", "nose").err()).contains("nose").contains("attn_q");
        Cli none = Cli.run("tune", base, "none.jsonl", "-o", folder.toString());
        assertThat(none.code()).isEqualTo(2);
        Cli merge = Cli.run("merge", base, "none.gguf", "-o", "x.gguf");
        assertThat(merge.code()).isEqualTo(2);
        assertThat(merge.err()).contains("none.gguf");
    }
}
