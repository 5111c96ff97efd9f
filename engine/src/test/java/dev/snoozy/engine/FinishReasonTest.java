package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FinishReasonTest {
    @Test
    void hasThreeReasons() {
        assertThat(FinishReason.values()).hasSize(3);
    }
}
