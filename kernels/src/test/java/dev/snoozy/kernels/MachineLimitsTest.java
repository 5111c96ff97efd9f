package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class MachineLimitsTest {
    @Test
    void limitsAreMeasuredWhereThereIsMachineCode() {
        Optional<MachineLimits> limits = MachineLimits.measure(2);
        limits.ifPresent(found -> {
            assertThat(found.threads()).isEqualTo(2);
            assertThat(found.readPerSecond()).isPositive();
            assertThat(found.floatsPerSecond()).isPositive();
            assertThat(found.bytesPerSecond()).isPositive();
        });
    }
}
