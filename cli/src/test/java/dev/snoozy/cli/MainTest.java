package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

class MainTest {
    @Test
    void answersWrongUseWithTwo() {
        assertThat(new CommandLine(new Main()).execute("--no-such-flag")).isEqualTo(2);
    }
}
