package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What kernels say that they take is what they take. */
class KernelMemoryTest {
    @ParameterizedTest
    @EnumSource(CacheType.class)
    void pagesAreAsLargeAsIsSaid(CacheType type) {
        try (Kernels fastest = Kernels.create(1, Precision.EIGHT_BIT);
                Kernels reference = Kernels.reference(1)) {
            for (Kernels kernels : new Kernels[] {fastest, reference}) {
                for (int length : new int[] {8, 40, 64, 128, 256}) {
                    try (KvPages pages = kernels.kvPages(3, length, length + 5, type)) {
                        assertThat(kernels.memory(type).page(3, length, length + 5))
                                .isEqualTo(pages.bytesPerPage());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void noLengthThatAFileMaySayOverflows(CacheType type) {
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT)) {
            int longest = 1 << 24;
            assertThat(kernels.memory(type).page(1, longest, longest)).isGreaterThan(64L * longest);
        }
    }

    @Test
    void kernelsThatReadTheFilePackNothing() {
        try (Kernels reference = Kernels.reference(1)) {
            assertThat(reference.memory(CacheType.F16).packed(TensorType.Q4_0, 1, 64, 64)).isZero();
        }
        assertThat(KernelMemory.UNKNOWN.packed(TensorType.Q4_0, 1, 64, 64)).isZero();
    }
}
