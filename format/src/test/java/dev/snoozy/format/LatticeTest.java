package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.Set;

class LatticeTest {
    @ParameterizedTest
    @CsvSource({
        "IQ1_S, 2048, 8, 3",
        "IQ1_M, 2048, 8, 3",
        "IQ2_XXS, 256, 8, 3",
        "IQ2_XS, 512, 8, 3",
        "IQ2_S, 1024, 8, 3",
        "IQ3_XXS, 256, 4, 8",
        "IQ3_S, 512, 4, 8"
    })
    void pointsAreDifferentAndTakeAllLevels(TensorType type, int points, int width, int levels) {
        Lattice lattice = Lattice.of(type);
        assertThat(lattice.points()).isEqualTo(points);
        assertThat(lattice.width()).isEqualTo(width);
        Set<Integer> keys = new HashSet<>();
        Set<Byte> seen = new HashSet<>();
        for (int i = 0; i < points; i++) {
            int key = 0;
            for (int j = 0; j < width; j++) {
                byte level = lattice.levels()[i * width + j];
                assertThat(level).isBetween((byte) 0, (byte) (levels - 1));
                seen.add(level);
                key = key * levels + level;
            }
            keys.add(key);
        }
        assertThat(keys).hasSize(points);
        assertThat(seen).hasSize(levels);
    }

    @Test
    void otherTypesHaveNone() {
        assertThatThrownBy(() -> Lattice.of(TensorType.Q4_0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Q4_0");
    }
}
