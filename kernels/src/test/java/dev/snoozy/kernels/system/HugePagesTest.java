package dev.snoozy.kernels.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HugePagesTest {
    private static final long MEGA = 1 << 20;

    @TempDir private Path folder;

    @BeforeEach
    void onLinux() {
        assumeTrue(System.getProperty("os.name").startsWith("Linux"), "other systems tell nothing");
    }

    @Test
    void memoryOnHugePagesMissesNone() throws IOException {
        HugePages pages = pages("always [madvise] never", "AnonHugePages:   102400 kB\n");
        assertThat(pages.missing(100 * MEGA)).isNull();
        assertThat(pages.missing(250 * MEGA)).isEqualTo("100 of 250 MB are on huge pages");
    }

    @Test
    void aSystemThatNeverGivesThemIsToldOf() throws IOException {
        HugePages pages = pages("always madvise [never]", "AnonHugePages:   102400 kB\n");
        assertThat(pages.missing(MEGA)).isEqualTo("they are turned off");
    }

    @Test
    void aKernelWithoutThemIsToldOf() {
        HugePages pages = new HugePages(folder.resolve("rollup"), folder.resolve("enabled"));
        assertThat(pages.missing(MEGA)).isEqualTo("this kernel has none");
    }

    private HugePages pages(String setting, String rollup) throws IOException {
        Path summary = folder.resolve("rollup");
        Path enabled = folder.resolve("enabled");
        Files.writeString(summary, "00400000-7ffe [rollup]\nRss: 5 kB\n" + rollup);
        Files.writeString(enabled, setting + "\n");
        return new HugePages(summary, enabled);
    }
}
