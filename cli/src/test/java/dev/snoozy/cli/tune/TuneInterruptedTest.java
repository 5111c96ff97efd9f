package dev.snoozy.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.CommandProcess;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trainings in processes of their own, which are broken off: what was saved is gone on with. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has neither these signals nor limits")
class TuneInterruptedTest {
    /** A checkpoint is longer than this, an adapter and a page are not. */
    private static final int KILOBYTES = 32;

    @TempDir Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyModel.llama().writeTo(folder.resolve("base.gguf"));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add("{\"prompt\": \"say %d\", \"response\": \"it is %d\"}".formatted(i, i % 3));
        }
        Files.write(folder.resolve("data.jsonl"), rows);
        Files.createDirectory(folder.resolve("whole"));
        Files.createDirectory(folder.resolve("broken"));
    }

    /** The adapter has the name of its folder, so that two runs are called the same. */
    private Path run(String name) {
        return folder.resolve(name).resolve("run");
    }

    private String[] tune(String name, int steps, int saveEvery, String... more) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("tune", folder.resolve("base.gguf").toString()));
        words.addAll(List.of(folder.resolve("data.jsonl").toString(), "-o", run(name).toString()));
        words.addAll(List.of("--rank", "2", "--batch", "4", "-t", "2", "--samples", "0"));
        words.addAll(List.of("--validation", "0", "--epochs", "9999", "--lr", "0.001"));
        words.addAll(List.of("--steps", "" + steps, "--save-every", "" + saveEvery));
        words.addAll(List.of("--evaluate-every", "9999"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private long steps(String name) throws IOException {
        Path history = run(name).resolve("run.jsonl");
        return Files.exists(history) ? Files.readAllLines(history).size() : 0;
    }

    private void requireSameAsWhole() throws IOException {
        for (String file : List.of("adapter.gguf", "checkpoint.gguf")) {
            assertThat(run("broken").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(run("whole").resolve(file));
        }
    }

    @Test
    void ctrlCWritesACheckpointAndTheRunGoesOnToTheSameBytes() throws Exception {
        int steps = 400;
        assertThat(Cli.run(tune("whole", steps, 9999)).code()).isZero();
        Path checkpoint = run("broken").resolve("checkpoint.gguf");
        String said;
        try (CommandProcess process = CommandProcess.start(folder, tune("broken", steps, 9999))) {
            process.await(() -> steps("broken") >= 3);
            byte[] before =
                    Files.readAllBytes(checkpoint); // that of the base: no step is saved yet
            assertThat(process.interrupt()).isEqualTo(CommandProcess.INTERRUPTED);
            said = process.said();
            assertThat(Files.readAllBytes(checkpoint)).isNotEqualTo(before);
        }
        long done = steps("broken");
        assertThat(done).isBetween(3L, steps - 1L);
        assertThat(said).contains("stopped at step " + done + "; go on with --resume");
        try (var files = Files.list(run("broken"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
        assertThat(Cli.run(tune("broken", steps, 9999, "--resume")).code()).isZero();
        assertThat(steps("broken")).isEqualTo(steps);
        requireSameAsWhole();
    }

    @Test
    void aFullDiskLosesNothingThatWasSaved() throws Exception {
        int steps = 100;
        assertThat(Cli.run(tune("whole", steps, 2)).code()).isZero();
        Path checkpoint = run("broken").resolve("checkpoint.gguf");
        try (CommandProcess process = CommandProcess.start(folder, tune("broken", steps, 2))) {
            process.await(() -> steps("broken") >= 4);
        }
        byte[] saved = Files.readAllBytes(checkpoint);
        assertThat(saved.length).isGreaterThan(KILOBYTES << 10);
        byte[] adapter = Files.readAllBytes(run("broken").resolve("adapter.gguf"));
        try (CommandProcess process =
                CommandProcess.limited(folder, KILOBYTES, tune("broken", steps, 2, "--resume"))) {
            assertThat(process.exitCode()).as(process.said()).isEqualTo(1);
            assertThat(process.said())
                    .contains(checkpoint + " cannot be written (")
                    .contains("cure: make room there");
        }
        assertThat(Files.readAllBytes(checkpoint)).isEqualTo(saved);
        assertThat(run("broken").resolve("adapter.gguf")).hasBinaryContent(adapter);
        assertThat(Cli.run(tune("broken", steps, 2, "--resume")).code()).isZero();
        requireSameAsWhole();
    }
}
