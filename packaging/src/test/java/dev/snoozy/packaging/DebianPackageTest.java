package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebianPackageTest {
    @Test
    void aSnapshotComesBeforeItsRelease() {
        assertThat(DebianPackage.debian("0.1.0-SNAPSHOT")).isEqualTo("0.1.0~SNAPSHOT");
        assertThat(DebianPackage.debian("0.1.0")).isEqualTo("0.1.0");
    }

    @Test
    void platformsAreCalledAsDebianCallsThem() {
        assertThat(Platform.of("Linux", "amd64")).hasToString("linux-amd64");
        assertThat(Platform.of("Linux", "aarch64")).hasToString("linux-arm64");
        assertThat(Platform.of("Mac OS X", "x86_64")).hasToString("macos-amd64");
        assertThat(Platform.of("Windows 11", "amd64").isWindows()).isTrue();
    }

    /** Each line is a field, or goes on with a blank; the file ends with a line end. */
    @Test
    void theControlFileHasAFieldOnEachLine() {
        String control = DebianPackage.control("1.0", Platform.of("Linux", "amd64"), 42);
        assertThat(control).contains("Installed-Size: 42\n").endsWith("\n");
        assertThat(control.lines()).allMatch(line -> line.matches("[A-Z][A-Za-z-]+: .+| \\S.*"));
    }
}
