package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
