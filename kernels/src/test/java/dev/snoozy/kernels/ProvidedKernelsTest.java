package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** This module alone: no other one offers kernels here. */
class ProvidedKernelsTest {
    @Test
    void kernelsThatNoModuleOffersAreRefusedWithTheCure() {
        assertThatThrownBy(
                        () -> ProvidedKernels.forced("snoozy.kernels", "vector", 1, Precision.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("snoozy.kernels=vector")
                .hasMessageContaining("add snoozy-kernels-vector");
    }

    @Test
    void theScalarKernelsComputeElsewhereAndSayWhy() {
        ThreadTeam team = new ThreadTeam(1);
        try (Kernels kernels = ProvidedKernels.create(team, Precision.F32, "no machine code")) {
            assertThat(kernels.description()).isEqualTo("scalar Java, 1 thread (no machine code)");
        }
    }
}
