package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.kernels.machine.code.Isa;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.Optional;

class KernelChoiceTest {
    private static final String PROPERTY = "snoozy.kernels";
    private final Optional<String> before = Optional.ofNullable(System.getProperty(PROPERTY));

    @AfterEach
    void restore() {
        before.ifPresentOrElse(
                value -> System.setProperty(PROPERTY, value), () -> System.clearProperty(PROPERTY));
    }

    private static String description(String path, Precision precision) {
        System.setProperty(PROPERTY, path);
        try (Kernels kernels = Kernels.create(1, precision)) {
            return kernels.description();
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aPathCanBeForcedWhereTheProcessorHasIt(Isa isa) {
        if (isa.obstacle() == null) {
            assertThat(description(isa.path(), Precision.EIGHT_BIT))
                    .isEqualTo(isa.title() + " machine code, 1 thread (forced by snoozy.kernels)");
            assertThat(description(isa.path(), Precision.F32))
                    .startsWith(isa.title() + " machine code, activations stay F32, 1 thread");
        } else {
            assertThatThrownBy(() -> description(isa.path(), Precision.EIGHT_BIT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "snoozy.kernels=%s: %s; auto takes what runs here",
                            isa.path(), isa.obstacle());
        }
    }

    @Test
    void theFastestPathThatTheProcessorHasIsTaken() {
        Optional<Isa> fastest =
                Arrays.stream(Isa.values()).filter(isa -> isa.obstacle() == null).findFirst();
        String expected = fastest.map(isa -> isa.title() + " machine code").orElse("scalar Java");
        assertThat(description("auto", Precision.EIGHT_BIT)).startsWith(expected + ", 1 thread");
    }

    @Test
    void scalarRunsEverywhere() {
        assertThat(description("scalar", Precision.EIGHT_BIT))
                .isEqualTo("scalar Java, 1 thread (forced by snoozy.kernels)");
    }

    @Test
    void aPathThatThereIsNotIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> description("sse2", Precision.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "snoozy.kernels: expected one of [auto, vnni512, avxvnni, avx2, scalar],"
                                + " found sse2");
    }
}
