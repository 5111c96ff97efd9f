package dev.snoozy.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.FormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

class JsonReaderTest {
    @Test
    void readsObjectsArraysStringsAndIntegers() {
        JsonReader json = reader(" {\"a\" : [1, -2 ,\t3],\r\n\"b\":{}, \"c\":\"d\", \"e\":[]} ");
        List<Object> read = new ArrayList<>();
        json.object(name -> {
            read.add(name);
            switch (name) {
                case "a" -> json.array(() -> read.add(json.integer()));
                case "b" -> json.object(read::add);
                case "c" -> read.add(json.string());
                default -> json.array(() -> read.add("an element"));
            }
        });
        json.end();
        assertThat(read).containsExactly("a", 1L, -2L, 3L, "b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                9007199254740993L,
                -9007199254740993L,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void integersAreExact(long value) {
        assertThat(reader(Long.toString(value)).integer()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "1e3",
                "1.0",
                "0x10",
                "01",
                "-",
                "+1",
                ".5",
                "NaN",
                "true",
                "\"1\"",
                "١",
                ""
            })
    void integersRefuseEverythingElse(String text) {
        assertThatThrownBy(
                        () -> {
                            JsonReader json = reader(text);
                            json.integer();
                            json.end();
                        })
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("text, byte ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"\"|''",
                "\"a/b\"|a/b",
                "\"\\\"\\\\\\/\"|\"\\/",
                "\"\\u0041\\u00e9\\u4E16\"|Aé世",
                "\"é世\uD83D\uDE00\"|é世\uD83D\uDE00",
                "\"\\ud83d\\ude00\"|\uD83D\uDE00",
                "\"\\uD83D\\uDE00x\"|\uD83D\uDE00x",
                "\"\\udbff\\udfff\"|\uDBFF\uDFFF"
            })
    void stringsAreUnescaped(String text, String expected) {
        assertThat(reader(text).string()).isEqualTo(expected);
    }

    @Test
    void shortEscapesAreControlCharacters() {
        assertThat(reader("\"\\b\\f\\n\\r\\t\\u0000\"").string()).isEqualTo("\b\f\n\r\t\0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x41\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u",
                "\"\\u+123\"",
                "\"\n\"",
                "\"\t\"",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ud83d\\n\"",
                "\"\\ud83d\\ud83d\"",
                "\"\\ud83dx\"",
                "\"\\ude00\\ud83d\"",
                "'a'",
                "a",
                "1"
            })
    void brokenStringsAreRefused(String text) {
        assertThatThrownBy(() -> reader(text).string()).isInstanceOf(FormatException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "80, a continuation without its first",
        "c3, a first without its continuation",
        "c080, two bytes for zero",
        "e08080, three bytes for zero",
        "eda0bdedb880, a surrogate pair in three bytes each",
        "f4908080, a code point beyond the last",
        "ff, no UTF-8 at all"
    })
    void textThatIsNoUtf8IsRefused(String hex, String why) {
        byte[] text = HexFormat.of().parseHex("22" + hex + "22");
        assertThatThrownBy(() -> new JsonReader("text", text).string())
                .as(why)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aNameTwiceInAnObjectIsRefusedHoweverItIsWritten() {
        assertThatThrownBy(() -> reader("{\"a\":1,\"b\":2,\"\\u0061\":3}").skip())
                .hasMessage(
                        "text, byte 13 of the JSON: found the name \"a\" a second time, expected it only once");
        JsonReader inOthers = reader("{\"a\":{\"a\":1},\"b\":{\"a\":1}}");
        inOthers.skip();
        inOthers.end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1.5e+10",
                "1E-2",
                "\"a\"",
                "[]",
                "{}",
                "[[],{},[null]]",
                "{\"a\":[1,{\"b\":false}]}"
            })
    void anyValueCanBeSkipped(String text) {
        JsonReader json = reader(" " + text + "\n");
        json.skip();
        json.end();
        assertThat(json.place()).isEqualTo(text.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulls",
                "TRUE",
                "undefined",
                "1.",
                "1e",
                "-a",
                "00",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "[1}",
                "{\"a\":1]",
                "1 2",
                "{}{}",
                "[] // comment",
                "\uFEFF{}",
                "\u00a01"
            })
    void brokenTextsAreRefused(String text) {
        assertThatThrownBy(
                        () -> {
                            JsonReader json = reader(text);
                            json.skip();
                            json.end();
                        })
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("found")
                .hasMessageContaining("expected");
    }

    @Test
    void depthIsLimited() {
        int deepest = JsonReader.DEEPEST;
        reader("[".repeat(deepest) + "]".repeat(deepest)).skip();
        assertThatThrownBy(() -> reader("[".repeat(deepest + 1)).skip())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than 64");
        assertThatThrownBy(() -> reader("{\"a\":".repeat(1_000_000)).skip())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than 64");
    }

    @Test
    void depthCountsWhatIsOpenOnly() {
        JsonReader json = reader("[" + "[{}],".repeat(1000) + "0]");
        json.skip();
        json.end();
        assertThat(json.place()).isEqualTo(5003);
    }

    @Test
    void messagesShortenWhatAFileSays() {
        String number = "9".repeat(100_000);
        assertThatThrownBy(() -> reader(number).integer())
                .hasMessageContaining("99999...")
                .message()
                .hasSizeLessThan(200);
    }

    private static JsonReader reader(String text) {
        return new JsonReader("text", text.getBytes(StandardCharsets.UTF_8));
    }
}
