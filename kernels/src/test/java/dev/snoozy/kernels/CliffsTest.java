package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

class CliffsTest {
    private final Cliffs cliffs = new Cliffs();

    @Test
    void eachThingIsToldOnceAlsoWhatWasReportedBefore() {
        cliffs.report(PerformanceCliff.SCALAR_KERNELS, "forced");
        List<Cliffs.Report> told = new ArrayList<>();
        cliffs.tell(told::add);
        cliffs.report(PerformanceCliff.SCALAR_KERNELS, "forced");
        cliffs.report(PerformanceCliff.UNPACKED_TYPE, "IQ2_S");
        cliffs.report(PerformanceCliff.UNPACKED_TYPE, "IQ2_S");
        cliffs.report(PerformanceCliff.UNPACKED_TYPE, "IQ3_S");
        assertThat(told)
                .containsExactly(
                        new Cliffs.Report(PerformanceCliff.SCALAR_KERNELS, "forced"),
                        new Cliffs.Report(PerformanceCliff.UNPACKED_TYPE, "IQ2_S"),
                        new Cliffs.Report(PerformanceCliff.UNPACKED_TYPE, "IQ3_S"));
        assertThat(cliffs.all()).isEqualTo(told);
    }

    @ParameterizedTest
    @EnumSource(PerformanceCliff.class)
    void everyCliffHasADescriptionAndACureInOneLine(PerformanceCliff cliff) {
        String line = new Cliffs.Report(cliff, "here").toString();
        assertThat(cliff.description()).isNotBlank();
        assertThat(cliff.remedy()).isNotBlank();
        assertThat(line).contains("(here); cure: ").doesNotContain("\n");
    }
}
