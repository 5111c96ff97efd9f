package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.DoubleStream;

class WarmUpTest {
    @Test
    void itEndsWhenTwoRoundsAreAlike() {
        WarmUp warmUp = warmUp(4, 2, 1.5, 1.46, 1);
        assertThat(warmUp.rounds()).isEqualTo(4);
        assertThat(warmUp.change()).isCloseTo(0.04 / 1.5, within(1e-9));
        assertThat(warmUp.doubt()).isEmpty();
    }

    @Test
    void itEndsAfterEightRoundsThatDiffer() {
        WarmUp warmUp = warmUp(1, 2, 1, 2, 1, 2, 1, 2, 2, 2);
        assertThat(warmUp.rounds()).isEqualTo(8);
        assertThat(warmUp.doubt().orElseThrow())
                .contains("8 warm-up rounds")
                .contains("100 % off")
                .contains("cure");
    }

    @Test
    void itEndsAfterTwentySeconds() {
        assertThat(warmUp(9, 12, 12).rounds()).isEqualTo(2);
        WarmUp once = warmUp(21, 21);
        assertThat(once.rounds()).isEqualTo(1);
        assertThat(once.doubt().orElseThrow()).contains("one warm-up round");
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(BenchReport.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(BenchReport.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    private static WarmUp warmUp(double... seconds) {
        var rounds = DoubleStream.of(seconds).iterator();
        return WarmUp.of(rounds::nextDouble);
    }
}
