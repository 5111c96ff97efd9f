package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.Metadata;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TokenizerTest {
    @Test
    void namesAnUnknownModel() {
        assertThatThrownBy(() -> Tokenizer.of(new Metadata(Map.of("tokenizer.ggml.model", "rwkv"))))
                .hasMessageContaining("rwkv");
    }
}
