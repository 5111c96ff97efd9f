package dev.snoozy.cli.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.CommandProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A curation in a process of its own, which Ctrl-C ends. */
class CurateInterruptedTest {
    private static final int ROWS = 30_000;
    private static final int WORDS = 40;

    @TempDir Path folder = Path.of("");

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signal to end a process cleanly")
    void aCurationThatIsInterruptedGoesOnToTheSameBytes() throws Exception {
        String data = rows().toString();
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        assertThat(curate(data, whole).code()).isZero();
        String[] words = {"curate", data, "-o", broken.toString(), "--map", "0", "--threads", "2"};
        try (CommandProcess process = CommandProcess.start(folder, words)) {
            process.await(() -> Files.exists(broken.resolve(".curate/key")));
            assertThat(process.interrupt()).isEqualTo(CommandProcess.INTERRUPTED);
            assertThat(process.said()).contains("stopped; the same command goes on from here");
        }
        assertThat(broken.resolve(".curate/key")).exists();
        assertThat(broken.resolve("manifest.json")).doesNotExist();
        assertThat(curate(data, broken).code()).isZero();
        assertThat(results(broken)).isEqualTo(results(whole)).containsKey("train.jsonl");
    }

    private static Cli curate(String data, Path out) {
        return Cli.run("curate", data, "-o", out.toString(), "--map", "0", "--threads", "2");
    }

    /** Every tenth row says what the one before it says. */
    private Path rows() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder rows = new StringBuilder();
        String answer = "";
        for (int i = 0; i < ROWS; i++) {
            if (i % 10 != 0) {
                StringBuilder text = new StringBuilder("It");
                for (int w = 0; w < WORDS; w++) {
                    text.append(" w").append(random.nextInt(5000));
                }
                answer = text.append('.').toString();
            }
            rows.append("{\"prompt\": \"Say number ")
                    .append(i)
                    .append(".\", \"response\": \"")
                    .append(answer)
                    .append("\"}\n");
        }
        return Files.writeString(folder.resolve("rows.jsonl"), rows);
    }

    /** All files of a folder by their names; one letter for each byte. */
    private static Map<String, String> results(Path folder) throws IOException {
        Map<String, String> results = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                results.put(folder.relativize(file).toString(), text);
            }
        }
        return results;
    }
}
