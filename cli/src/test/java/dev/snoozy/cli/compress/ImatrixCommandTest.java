package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.compress.imatrix.ImatrixFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ImatrixCommandTest {
    @TempDir private Path folder;

    @Test
    void bothFormsAreWritten() throws IOException {
        Path text =
                Files.writeString(
                        folder.resolve("t.txt"), "Once upon a time, there was a cat. ".repeat(20));
        ImatrixFile gguf = collected(text, "gguf");
        ImatrixFile dat = collected(text, "dat");
        assertThat(gguf.entries().keySet()).isEqualTo(dat.entries().keySet());
        assertThat(gguf.chunks()).isEqualTo(2);
        assertThat(gguf.chunkSize()).isEqualTo(32);
        assertThat(gguf.datasets()).containsExactly("t.txt");
    }

    private ImatrixFile collected(Path text, String form) throws IOException {
        Path target = folder.resolve("imatrix." + form);
        Cli run =
                Cli.run(
                        "imatrix",
                        "tinystories",
                        "-f",
                        text.toString(),
                        "-o",
                        target.toString(),
                        "--format",
                        form,
                        "-c",
                        "32",
                        "--chunks",
                        "2");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("2 chunks of 32 tokens");
        return ImatrixFile.read(target);
    }

    @Test
    void theTextAndTheTargetAreNeeded() {
        assertThat(Cli.run("imatrix", "tinystories").code()).isEqualTo(2);
        Cli run = Cli.run("imatrix", "tinystories", "-f", "nowhere.txt", "-o", "x");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no such file");
    }
}
