package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Locale;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "9999, 9999",
        "10000, 10.0 K",
        "260032, 260 K",
        "999499, 999 K",
        "999500, 1.00 M",
        "999885952, 1.00 B",
        "1235814432, 1.24 B",
        "13000000000, 13.0 B"
    })
    void countsAreSaidAsPeopleSayThem(long count, String text) {
        assertThat(Printable.count(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1040128, 1016 KiB",
        "1073741824, 1.00 GiB",
        "15032385536, 14.0 GiB"
    })
    void amountsOfMemoryHaveThreeDigits(long bytes, String text) {
        assertThat(Printable.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000", "\u0007", "\u0008", "\u001b", "\u007f", "\u009b",
                "\u00ad", "\u061c", "\u200b", "\u200e", "\u200f", "\u2028",
                "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069",
                "\ufeff", "\ufff9", "\ud834\udd73", "\udb40\udc41", "\ud800", "\udc00"
            })
    void whatATerminalActsOnIsEscaped(String hostile) {
        String escaped = String.format(Locale.ROOT, "a\\u%04xb", hostile.codePointAt(0));
        String text = "a" + hostile + "b";
        assertThat(Printable.text(text, 100)).isEqualTo(escaped);
        assertThat(Printable.line(text)).isEqualTo(escaped);
        assertThat(Printable.lines(text)).isEqualTo(escaped);
    }

    @Test
    void linesStayLinesAndLettersStayWhole() {
        String text = "one\ttwo\r\nPersian \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\r\n";
        assertThat(Printable.lines(text)).isEqualTo(text.replace("\r\n", "\n"));
        assertThat(Printable.lines("safe\revil")).isEqualTo("safe\\revil");
        assertThat(Printable.line("a\r\n\tb")).isEqualTo("a\\r\\n\\tb");
        String family = "\ud83d\udc68\u200d\ud83d\udc69";
        assertThat(Printable.lines(family)).isEqualTo(family);
    }

    @Test
    void aTextIsCutBetweenCharacters() {
        assertThat(Printable.text("abcd", 4)).isEqualTo("abcd");
        assertThat(Printable.text("abcde", 4)).isEqualTo("abc…");
        assertThat(Printable.text("ab\ud83d\udc68e", 4)).isEqualTo("ab…");
        assertThat(Printable.text("ab\u001b", 4)).isEqualTo("ab…");
    }
}
