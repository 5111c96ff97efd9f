package dev.snoozy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.AdapterFlags;
import dev.snoozy.cli.Cli;
import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.LoadOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code snoozy serve} does before it serves. */
class ServeCommandTest {
    @TempDir private Path folder;

    @Test
    void aNewKeyIsPrintedOnceAndKeptAsItsHash() throws IOException {
        Path file = folder.resolve("keys");
        for (String name : new String[] {"mine", "yours"}) {
            Cli run = Cli.run("serve", "--api-key-file", file.toString(), "--new-api-key", name);
            assertThat(run.code()).isZero();
            assertThat(run.out().strip()).startsWith("sk-").hasSizeGreaterThan(40);
            assertThat(Files.readString(file)).contains(name).doesNotContain(run.out().strip());
        }
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .allMatch(line -> line.startsWith("sha256:"));
    }

    @Test
    void aNewKeyNeedsAFile() {
        Cli run = Cli.run("serve", "--new-api-key", "mine");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--api-key-file");
    }

    @Test
    void anotherAddressThanThisMachineDemandsAKey() {
        Cli run = Cli.run("serve", "--host", "0.0.0.0", "--port", "0");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("expected an API key").contains("cure");
    }

    @Test
    void aNameWithoutItsModelIsWrong() {
        assertThat(Cli.run("serve", "--alias", "a").code()).isEqualTo(2);
    }

    @Test
    void adaptersThatAreNotAppliedHaveAScaleOfZero() throws IOException {
        Path file = Files.writeString(folder.resolve("a.gguf"), "adapter");
        AdapterFlags flags =
                CommandLine.populateCommand(new AdapterFlags(), "--lora", file + ":0.5");
        assertThat(flags.of(LoadOptions.defaults()).adapters())
                .containsExactly(new AdapterSource(file, 0.5f));
        assertThat(flags.unused(LoadOptions.defaults()).adapters())
                .containsExactly(new AdapterSource(file, 0));
    }
}
