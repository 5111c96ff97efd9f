package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTypeTest {
    @Test
    void findsEveryTypeByItsId() {
        for (TensorType type : TensorType.values()) {
            assertThat(TensorType.byId(type.id())).contains(type);
        }
    }

    @Test
    void refusesRowsThatEndInsideABlock() {
        assertThatThrownBy(() -> TensorType.Q4_0.bytes(33)).hasMessageContaining("multiple of 32");
    }
}
