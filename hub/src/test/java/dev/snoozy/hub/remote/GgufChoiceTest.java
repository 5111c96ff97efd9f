package dev.snoozy.hub.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

class GgufChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "Llama-3.2-3B-Instruct-Q4_K_M, Q4_K_M",
        "tiny.Q8_0, Q8_0",
        "model-IQ2_XXS, IQ2_XXS",
        "Qwen3-30B-UD-Q4_K_XL, UD-Q4_K_XL",
        "UD-Q2_K_XL/Big-UD-Q2_K_XL, UD-Q2_K_XL",
        "BF16/model, BF16",
        "q4_0, Q4_0",
        "gpt-oss-20b-mxfp4, MXFP4",
        "ggml-model-f16, F16",
        "model, ''"
    })
    void theNumberFormatIsReadFromTheName(String stem, String quant) {
        assertThat(GgufChoice.quant(stem)).isEqualTo(quant);
    }

    private static String chosen(@Nullable String selector, String... files) {
        return GgufChoice.choose(
                        GgufChoice.candidates(List.of(files)),
                        Optional.ofNullable(selector),
                        "user/repo")
                .files()
                .toString();
    }

    @Test
    void withoutAWordTheFirstOfTheOrderIsTaken() {
        assertThat(chosen(null, "m-F16.gguf", "m-Q5_K_M.gguf", "m-Q8_0.gguf"))
                .isEqualTo("[m-Q5_K_M.gguf]");
        assertThat(chosen(null, "m-strange.gguf")).isEqualTo("[m-strange.gguf]");
        assertThatThrownBy(() -> chosen(null, "a.gguf", "b.gguf"))
                .hasMessageContaining("one of a, b");
    }

    @Test
    void aWordIsANumberFormatAFileOrAStem() {
        String[] files = {"m-Q4_K_M.gguf", "m-Q4_K_S.gguf", "x/n-Q8_0.gguf"};
        assertThat(chosen("q4_k_s", files)).isEqualTo("[m-Q4_K_S.gguf]");
        assertThat(chosen("N-Q8_0.GGUF", files)).isEqualTo("[x/n-Q8_0.gguf]");
        assertThat(chosen("x/n-Q8_0.gguf", files)).isEqualTo("[x/n-Q8_0.gguf]");
        assertThat(chosen("m-Q4_K_M", files)).isEqualTo("[m-Q4_K_M.gguf]");
        assertThatThrownBy(() -> chosen("Q4_K", files))
                .hasMessageContaining("Q4_K_M, Q4_K_S, Q8_0");
    }

    @Test
    void partsAreInOrderAndOfOneModel() {
        assertThat(
                        chosen(
                                "Q8_0",
                                "m-Q8_0-00002-of-00002.gguf",
                                "m-Q4_K_M-00001-of-00002.gguf",
                                "m-Q8_0-00001-of-00002.gguf"))
                .isEqualTo("[m-Q8_0-00001-of-00002.gguf, m-Q8_0-00002-of-00002.gguf]");
    }

    @Test
    void whatIsNoModelIsLeftOut() {
        assertThat(
                        GgufChoice.candidates(
                                List.of(
                                        "README.md",
                                        "mmproj-F16.gguf",
                                        "m-mmproj-Q8_0.gguf",
                                        "imatrix.gguf",
                                        ".hidden.gguf",
                                        "../up.gguf",
                                        "a//b.gguf")))
                .isEmpty();
    }
}
