package dev.snoozy.kernels.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.arm.ArmCpu.Feature;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ArmCpuTest {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    @Test
    void anotherProcessorHasNone() {
        assumeFalse(ArmCpu.isHere(), "an AArch64 processor");
        assertThat(ArmCpu.features()).isEmpty();
    }

    @Test
    void theFeaturesAreThoseTheKernelOfTheSystemTells() throws IOException {
        assumeTrue(ArmCpu.isHere() && Files.isReadable(CPUINFO), "no AArch64 Linux");
        List<String> flags =
                Files.readAllLines(CPUINFO).stream()
                        .filter(line -> line.startsWith("Features"))
                        .findFirst()
                        .map(line -> List.of(line.split("[\\s:]+")))
                        .orElse(List.of());
        assumeFalse(flags.isEmpty(), "the system does not list features");
        Map<Feature, String> names =
                Map.of(
                        Feature.DOT_PRODUCT, "asimddp",
                        Feature.I8MM, "i8mm",
                        Feature.BF16, "bf16");
        Set<Feature> found = ArmCpu.features();
        names.forEach((feature, flag) ->
                assertThat(found.contains(feature)).as(flag).isEqualTo(flags.contains(flag)));
    }

    @Test
    void synchronizingCodeIsPossibleEverywhere() {
        try (Arena arena = Arena.ofConfined()) {
            InstructionCache.synchronize(arena.allocate(4096, 64));
        }
    }
}
