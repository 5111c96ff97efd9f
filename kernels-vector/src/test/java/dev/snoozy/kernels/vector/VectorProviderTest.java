package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VectorProviderTest {
    private static final String PROPERTY = "snoozy.kernels";

    @AfterEach
    void choose() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void isFoundAsAServiceWhenThePropertyForcesTheseKernels() {
        System.setProperty(PROPERTY, "vector");
        try (Kernels kernels = Kernels.create(2, Precision.EIGHT_BIT)) {
            assertThat(kernels.description())
                    .isEqualTo(
                            "Vector API, %d bits, 2 threads (forced by snoozy.kernels)"
                                    .formatted(Lanes.FLOATS.vectorBitSize()));
            assertThat(kernels.cliffs().all())
                    .extracting(Cliffs.Report::cliff)
                    .containsExactly(PerformanceCliff.VECTOR_KERNELS);
        }
    }

    @Test
    void withoutTheIncubatorModuleTheCureIsNamed() {
        assertThat(VectorProvider.obstacle(false, "mixed mode, sharing"))
                .contains("--add-modules jdk.incubator.vector");
    }

    @Test
    void withoutTheOptimisingCompilerTheCureIsNamed() {
        assertThat(VectorProvider.obstacle(true, "interpreted mode, sharing")).contains("-Xint");
        assertThat(VectorProvider.obstacle(true, "mixed mode, emulated-client, sharing"))
                .contains("-XX:TieredStopAtLevel");
        assertThat(VectorProvider.obstacle(true, "mixed mode, sharing")).isNull();
    }
}
