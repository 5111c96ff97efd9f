package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ConvertCommandTest {
    private static final Path CASES =
            Data.root().resolve("testkit").resolve("cases").resolve("convert");
    private static final Path MODEL = Data.root().resolve("models").resolve("tinystories");

    @TempDir private Path folder;

    @Test
    void aModelGoesToSafetensorsAndBackAndIsVerified() throws IOException {
        String back = folder.resolve("back").toString();
        Cli there = Cli.run("convert", shipped(), back);
        assertThat(there.code()).as(there.err()).isZero();
        String gguf = folder.resolve("m.gguf").toString();
        Cli again = Cli.run("convert", back, gguf, "--type", "f16", "--verify");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("wrote " + gguf).contains("verified: mean KL divergence");
        Cli story = Cli.run("run", gguf, "Once upon a time", "--temp", "0", "-n", "8");
        assertThat(story.out())
                .isEqualTo(
                        Cli.run("run", shipped(), "Once upon a time", "--temp", "0", "-n", "8")
                                .out());
    }

    @Test
    void aFileIsSplitAndJoined() throws IOException {
        String name = folder.resolve("part.gguf").toString();
        Cli split = Cli.run("convert", shipped(), name, "--split", "300kB");
        assertThat(split.code()).as(split.err()).isZero();
        Path first;
        try (var files = Files.list(folder)) {
            first = files.sorted().findFirst().orElseThrow();
        }
        assertThat(split.out()).contains(first.toString());
        Path joined = folder.resolve("joined.gguf");
        assertThat(Cli.run("convert", first.toString(), joined.toString(), "--join").code())
                .isZero();
        assertThat(Files.size(joined)).isGreaterThan(500_000);
    }

    private static String shipped() throws IOException {
        try (var files = Files.list(MODEL)) {
            return files.filter(f -> f.toString().endsWith(".gguf"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    @Test
    void whatCannotBeConvertedIsWrongUse() throws IOException {
        Path model = CASES.resolve("llama");
        String to = folder.resolve("x.gguf").toString();
        refused("no such file or folder", "nowhere", to);
        refused("--type is for folders", shipped(), to, "--type", "f16");
        refused("need a GGUF file", model.toString(), to, "--join");
        refused("expected auto, f32", model.toString(), to, "--type", "q3");
        refused("needs the folder of an adapter", model.toString(), to, "--base", "y");
        refused("needs a model's folder", shipped(), to, "--verify");
        refused("such as 2GB", shipped(), to, "--split", "many");
        Path adapter = Files.createDirectory(folder.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        refused("expected --base MODEL", adapter.toString(), to);
    }

    private static void refused(String why, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "convert";
        System.arraycopy(args, 0, all, 1, args.length);
        Cli run = Cli.run(all);
        assertThat(run.err()).contains(why);
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void aFolderWithoutATokenizerFailsWithItsReason() {
        String to = folder.resolve("x.gguf").toString();
        Cli run = Cli.run("convert", CASES.resolve("llama").toString(), to);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("found no tokenizer");
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() {
        assertThat(Sizes.bytes("2GB")).isEqualTo(2_000_000_000L);
        assertThat(Sizes.bytes("1.5gib")).isEqualTo(3L << 29);
        assertThat(Sizes.bytes("500M")).isEqualTo(500_000_000L);
        assertThat(Sizes.bytes("17")).isEqualTo(17);
    }
}
