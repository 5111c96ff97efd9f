package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class Sha256Test {
    /** The examples of FIPS 180-4. */
    private static final String NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path folder;

    @Test
    void isThatOfTheStandard() throws IOException {
        assertThat(Sha256.of("")).isEqualTo(NOTHING);
        assertThat(Sha256.of("abc")).isEqualTo(ABC);
        Path file = folder.resolve("file");
        Files.writeString(file, "abc");
        assertThat(Sha256.of(file)).isEqualTo(ABC);
        Files.writeString(file, "");
        assertThat(Sha256.of(file)).isEqualTo(NOTHING);
    }

    @Test
    void aFileOfSeveralBuffersIsReadToItsEndAndSaysHowFarItIs() throws IOException {
        int bytes = (2 << 20) + 3;
        Path file = folder.resolve("file");
        Files.writeString(file, "a".repeat(bytes));
        List<Long> told = new ArrayList<>();
        assertThat(Sha256.of(file, told::add)).isEqualTo(Sha256.of("a".repeat(bytes)));
        assertThat(told).isSorted().hasSizeGreaterThan(1).endsWith((long) bytes);
    }
}
