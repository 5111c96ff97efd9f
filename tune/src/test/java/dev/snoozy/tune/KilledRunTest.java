package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.ClassPlace;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process that is killed in the middle of a step, of which nothing is told. */
class KilledRunTest {
    private static final int KILLED_AFTER = 7;

    @TempDir Path folder;

    static TuneOptions options() {
        return new TuneOptions(
                new LoraOptions(4, 8, false, 0.1, List.of(LoraOptions.ALL)),
                OptimizerOptions.of(0.01),
                Schedule.COSINE,
                2,
                4,
                100,
                24,
                64,
                40,
                0.2,
                4,
                3,
                0,
                TuneOptions.Form.AUTO,
                Precision.F32,
                2,
                7);
    }

    @Test
    void isGoneOnWithToTheBytesOfAnUnbrokenRun() throws IOException, InterruptedException {
        Path base = TinyModel.llama().writeTo(folder.resolve("base.gguf"));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rows.add("{\"prompt\": \"say %d\", \"response\": \"it is %d\"}".formatted(i, i % 3));
        }
        Path data = Files.write(folder.resolve("data.jsonl"), rows);
        Path whole = folder.resolve("whole/run");
        new Tuning(base, data, whole, options(), TuneListener.SILENT).run(false);

        Path broken = folder.resolve("broken/run");
        kill(base, data, broken);
        // What a process leaves that dies while it writes; of another file it is not ours.
        Path half = Files.writeString(broken.resolve(".checkpoint.gguf-1x2y.part"), "half");
        Path foreign = Files.writeString(broken.resolve(".notes.txt-1x2y.part"), "mine");
        TuneResult result =
                new Tuning(base, data, broken, options(), TuneListener.SILENT).run(true);

        assertThat(result.steps()).isEqualTo(options().maxSteps());
        assertThat(half).doesNotExist();
        assertThat(foreign).exists();
        for (String file : List.of("adapter.gguf", "checkpoint.gguf")) {
            byte[] expected = Files.readAllBytes(whole.resolve(file));
            assertThat(Files.readAllBytes(broken.resolve(file))).as(file).isEqualTo(expected);
        }
        assertThat(losses(broken)).isEqualTo(losses(whole));
    }

    /** The history without its times. */
    private static List<String> losses(Path run) throws IOException {
        try (Stream<String> lines = Files.lines(run.resolve("run.jsonl"))) {
            return lines.map(line -> line.replaceAll("\"tokens\".*", "")).toList();
        }
    }

    private static void kill(Path base, Path data, Path run)
            throws IOException, InterruptedException {
        String paths =
                ClassPlace.path(
                        KilledRun.class,
                        Tuning.class,
                        dev.snoozy.engine.LanguageModel.class,
                        Kernels.class,
                        Tokenizer.class,
                        GgufFile.class);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                paths,
                                KilledRun.class.getName(),
                                base.toString(),
                                data.toString(),
                                run.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals(String.valueOf(KILLED_AFTER))) {
                    break;
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("it was killed, not done").isNotZero();
    }
}
