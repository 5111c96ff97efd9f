package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.TensorInfo;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
    /** The counts are those of the published models. */
    @ParameterizedTest
    @CsvSource({
        "llama-1b, 1235814400",
        "llama-8b, 8030261248",
        "llama-13b, 13015864320",
        "qwen3-0.6b, 596049920",
        "gemma-small, 999885952"
    })
    void aShapeHasAsManyParametersAsItsModel(String name, long parameters) {
        long found =
                Shape.of(name).tensors(RandomTypes.of("F16")).stream()
                        .mapToLong(TensorInfo::elements)
                        .sum();
        assertThat(found).isEqualTo(parameters);
    }
}
