package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.ClassPlace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What is left when quantizing is ended from outside, at whatever moment. */
class QuantizerKilledTest {
    private static final int TRIES = 20;
    private static final int ROWS = 1024;
    private static final String TYPE = "Q5_0";

    @TempDir private Path folder;

    @Test
    void aKilledProcessLeavesTheOldFileOrTheCompleteNewOne() throws Exception {
        Path source = folder.resolve("source.gguf");
        Path target = folder.resolve("target.gguf");
        Path complete = folder.resolve("complete.gguf");
        Files.write(
                source,
                new SmallModel().with("a.weight", 1024, ROWS).with("b.weight", 1024, ROWS).bytes());
        try (GgufFile file = GgufFile.open(source)) {
            new Quantizer(file, new QuantizeOptions(Mixture.of(TYPE).orElseThrow()))
                    .write(complete, done -> {});
        }
        byte[] old = "the old file".getBytes(StandardCharsets.UTF_8);
        byte[] expected = Files.readAllBytes(complete);
        Random random = new Random();
        for (int i = 0; i < TRIES; i++) {
            Files.write(target, old);
            // Steps: 16 chunks of each matrix, then the end of the file and its renaming.
            kill(source, target, random.nextInt(36));
            byte[] found = Files.readAllBytes(target);
            if (found.length != old.length) {
                assertThat(found).isEqualTo(expected);
            } else {
                assertThat(found).isEqualTo(old);
            }
        }
    }

    /** Runs the process and ends it after some steps, or lets it come to its end. */
    private static void kill(Path source, Path target, int steps) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                String.join(
                                        System.getProperty("path.separator"),
                                        ClassPlace.of(QuantizeProcess.class),
                                        ClassPlace.of(Quantizer.class),
                                        ClassPlace.of(GgufFile.class)),
                                QuantizeProcess.class.getName(),
                                source.toString(),
                                target.toString(),
                                TYPE)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            assertThat(line).as("the first step of the process").isNotNull();
            for (int i = 1; i < steps && line != null; i++) {
                line = output.readLine();
            }
            process.destroyForcibly().waitFor();
        }
    }
}
