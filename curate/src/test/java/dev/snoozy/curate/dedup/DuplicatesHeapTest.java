package dev.snoozy.curate.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.ClassPlace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;

/**
 * The bound of the heap that docs/curate.md states, for fewer rows: 400 bytes for a row with three
 * fields.
 */
class DuplicatesHeapTest {
    private static final int ROWS = 40_000;

    @TempDir private Path folder;

    @Test
    void aSearchStaysWithinTheHeapThatIsStated() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx48m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                String.join(
                                        System.getProperty("path.separator"),
                                        ClassPlace.of(DuplicatesProcess.class),
                                        ClassPlace.of(NearDuplicates.class)),
                                DuplicatesProcess.class.getName(),
                                folder.toString(),
                                String.valueOf(ROWS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<String> lines;
        try (BufferedReader output = process.inputReader()) {
            lines = output.readAllLines();
        }
        assertThat(process.waitFor()).isZero();
        assertThat(Long.parseLong(lines.get(0))).as("bytes on the disk").isGreaterThan(20_000_000);
        assertThat(Integer.parseInt(lines.get(1))).isBetween((int) (ROWS / 2 * 0.985), ROWS / 2);
        assertThat(folder).isEmptyDirectory();
    }
}
