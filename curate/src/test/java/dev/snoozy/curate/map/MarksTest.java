package dev.snoozy.curate.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

class MarksTest {
    private static Set<String> read(String text) throws IOException {
        return Marks.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void marksAreTheNamesOfRows() throws IOException {
        assertThat(read("{\"format\": \"snoozy-marks-1\", \"remove\": [\"b\", \"a\", \"b\"]}"))
                .containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[]",
                "null",
                "{\"format\": \"other\", \"remove\": []}",
                "{\"format\": \"snoozy-marks-1\"}",
                "{\"format\": \"snoozy-marks-1\", \"remove\": \"a\"}",
                "{\"format\": \"snoozy-marks-1\", \"remove\": [1]}",
                "{\"format\": \"snoozy-marks-1\", \"remove\": [[\"a\"]]}"
            })
    void whatIsNoFileOfMarksIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("marks");
    }
}
