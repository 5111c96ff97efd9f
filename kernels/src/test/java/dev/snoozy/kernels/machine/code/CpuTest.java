package dev.snoozy.kernels.machine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.machine.code.Cpu.Feature;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

class CpuTest {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    @Test
    void theFeaturesAreThoseTheKernelOfTheSystemTells() throws IOException {
        assumeTrue(Cpu.isX86() && Files.isReadable(CPUINFO), "no x86 Linux");
        List<String> flags =
                Files.readAllLines(CPUINFO).stream()
                        .filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .map(line -> List.of(line.split("[\\s:]+")))
                        .orElseThrow();
        Set<Feature> found = Cpu.features();
        for (Feature feature : Feature.values()) {
            String flag = feature.name().toLowerCase(Locale.ROOT);
            assertThat(found.contains(feature)).as(flag).isEqualTo(flags.contains(flag));
        }
    }

    @Test
    void askingTwiceGivesTheSame() {
        assertThat(Cpu.features()).isEqualTo(Cpu.features());
    }
}
