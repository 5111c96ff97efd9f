package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** Times as Ollama's clients write them. */
class KeepAliveTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "300, PT5M",
                "0, PT0S",
                "1.5, PT1.5S",
                "-1, PT-1S",
                "'\"5m\"', PT5M",
                "'\"1h30m\"', PT1H30M",
                "'\"1.5h\"', PT1H30M",
                "'\"250ms\"', PT0.25S",
                "'\"0\"', PT0S",
                "'\"-1s\"', PT-1S",
                "'\"-5m\"', PT-1S"
            })
    void numbersAreSecondsAndTextsAreDurations(String json, Duration time) {
        assertThat(KeepAlive.read(fields(json))).contains(time);
    }

    @Test
    void nothingIsSaidByNullOrAnEmptyText() {
        assertThat(KeepAlive.read(fields("null"))).isEmpty();
        assertThat(KeepAlive.read(fields("\"\""))).isEmpty();
    }

    private static Fields fields(String json) {
        return new Fields((ObjectNode) Json.parse("{\"keep_alive\": " + json + "}"));
    }
}
