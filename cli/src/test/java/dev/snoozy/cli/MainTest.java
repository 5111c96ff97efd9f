package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Wrong use: one clear line, exit code 2 or 1, never a stack trace. */
class MainTest {
    @TempDir private Path folder;

    @Test
    void theHelpShowsTheCommands() {
        Cli run = Cli.run("--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: snoozy").contains("run").contains("studio");
        assertThat(run.out()).doesNotContain("warm-up");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "show",
                "tokenize",
                "render",
                "bench",
                "doctor",
                "conformance",
                "conformance logits",
                "conformance tokenizer",
                "conformance template",
                "conformance gguf"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        String[] words = (command + " --help").split(" ");
        Cli run = Cli.run(words);
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Example:\n  snoozy " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--no-such-flag",
                "run",
                "run tinystories x --no-such-flag",
                "run tinystories x -n many",
                "run tinystories x -n 0",
                "run tinystories x --temp -1",
                "run tinystories x --top-p 2",
                "run tinystories x --mirostat 1",
                "run tinystories x --threads 0",
                "run tinystories x --ctx -5",
                "run tinystories x --logit-bias 5=abc",
                "run no-such-model x",
                "run no/such/file.gguf x",
                "show no-such-model",
                "show tinystories --ctx -1",
                "tokenize no-such-model x",
                "render",
                "render tinystories -m user",
                "render tinystories -m user:hello",
                "render --template no-such-file -m user:hello",
                "conformance",
                "no-such-command"
            })
    void wrongUseIsOneLineAndExitCodeTwo(String command) {
        Cli run = Cli.run(command.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("snoozy: ").doesNotContain("\tat ");
        assertThat(run.err().lines().filter(line -> line.startsWith("snoozy: "))).hasSize(1);
    }

    @Test
    void aFileThatIsNoModelFailsWithOneLine() throws IOException {
        byte[] sound = TinyModel.llama().bytes();
        Path text = Files.writeString(folder.resolve("text.gguf"), "Once upon a time, no GGUF");
        Path empty = Files.write(folder.resolve("empty.gguf"), new byte[0]);
        Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(sound, 9_000));
        Path unpacked = Files.write(folder.resolve("not.gguf.gz"), sound);
        Path unknown =
                TinyModel.llama()
                        .with("general.architecture", "lama")
                        .writeTo(folder.resolve("unknown.gguf"));
        for (Path file : new Path[] {text, empty, cut, unpacked, unknown}) {
            Cli run = Cli.run("run", file.toString(), "x");
            assertThat(run.code()).as(file.toString()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).as(file.toString()).hasSize(1);
            assertThat(run.err()).startsWith("snoozy: ");
        }
        assertThat(Cli.run("run", text.toString(), "x").err()).contains("GGUF").contains("found");
        assertThat(Cli.run("run", unknown.toString(), "x").err())
                .contains("\"lama\"")
                .contains("llama");
    }

    @Test
    void aPromptLongerThanTheContextFailsWithOneLine() {
        Cli run = Cli.run("run", "tinystories", "bird ".repeat(600));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("context size of 512").contains("cure");
    }

    @Test
    void verboseShowsTheStackTrace() throws IOException {
        Path text = Files.writeString(folder.resolve("text.gguf"), "no GGUF");
        assertThat(Cli.run("run", text.toString(), "x", "--verbose").err()).contains("\tat ");
        assertThat(Cli.run("--verbose", "show", text.toString()).err()).contains("\tat ");
    }

    @Test
    void theShippedModelIsFoundByName() {
        assertThat(Models.find("tinystories"))
                .isEqualTo(
                        Data.root()
                                .resolve("models")
                                .resolve("tinystories")
                                .resolve("stories260K-f32.gguf"));
    }
}
