package dev.snoozy.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.FormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class JsonWriterTest {
    @Test
    void putsCommasBetweenMembersAndElements() {
        JsonWriter json = new JsonWriter().beginObject();
        json.name("a").integer(-1);
        json.name("b").beginArray().integer(1).string("x").beginArray().endArray().endArray();
        json.name("c").beginObject().endObject();
        json.endObject();
        assertThat(text(json)).isEqualTo("{\"a\":-1,\"b\":[1,\"x\",[]],\"c\":{}}");
    }

    @Test
    void escapesWhatMustBeEscaped() {
        assertThat(text(new JsonWriter().string("\"\\/\b\f\n\r\t\0\u001f\u007fé世\uD83D\uDE00")))
                .isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé世\uD83D\uDE00\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"})
    void refusesHalfASurrogatePair(String value) {
        assertThatThrownBy(() -> new JsonWriter().string(value))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            StringBuilder value = new StringBuilder();
            for (int i = 0; i < random.nextInt(20); i++) {
                int point = random.nextInt(1 << (1 + random.nextInt(20)));
                boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
                value.appendCodePoint(half ? 'x' : point);
            }
            long number = random.nextLong();
            JsonWriter json = new JsonWriter().beginArray();
            json.string(value.toString()).integer(number).endArray();
            JsonReader reader = new JsonReader("text", json.toByteArray());
            boolean[] second = {false};
            reader.array(() -> {
                if (second[0]) {
                    assertThat(reader.integer()).isEqualTo(number);
                } else {
                    assertThat(reader.string()).isEqualTo(value.toString());
                }
                second[0] = true;
            });
            reader.end();
        }
    }

    private static String text(JsonWriter json) {
        return new String(json.toByteArray(), StandardCharsets.UTF_8);
    }
}
