package dev.snoozy.hub.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource({
        "llama-2-7b.Q4_K_M, Q4_K_M",
        "gemma-3-4b-it-q8_0, Q8_0",
        "Qwen3-0.6B-UD-Q4_K_XL, UD-Q4_K_XL",
        "model-IQ2_XXS, IQ2_XXS",
        "stories260K-f32, F32",
        "user_repo_model-BF16, BF16",
        "gpt-oss-20b-mxfp4, MXFP4",
        "tq-TQ1_0, TQ1_0",
        "Q4_K_M, Q4_K_M",
        "a-Q4_0-and-Q6_K, Q6_K",
        "model-Q4_0_4_4, Q4_0_4_4",
        "nothing, ",
        "qwen3, ",
        "Q4XY-model, "
    })
    void theNumberFormatIsReadFromTheName(String stem, String expected) {
        assertThat(FileNames.quantization(stem).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mmproj-F16.gguf", "model.gguf.part", ".hidden.gguf", "model.bin"})
    void whatIsNoModelIsKnownByItsName(String name) {
        assertThat(FileNames.isModel(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a-00002-of-00003.gguf, a", "a.gguf, a", "A.GGUF, A", "sha256-00, sha256-00"})
    void theStemIsWithoutEndingAndPart(String name, String stem) {
        assertThat(FileNames.stem(name)).isEqualTo(stem);
    }
}
