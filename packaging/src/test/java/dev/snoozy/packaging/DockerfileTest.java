package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.serve.ServeCommand;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** What of the Dockerfile can be tested without a container. */
class DockerfileTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    private List<String> lines = List.of();

    @BeforeEach
    void read() throws IOException {
        lines = Files.readAllLines(Program.root().resolve("Dockerfile"));
    }

    @Test
    void itServesOtherMachinesWithKeysOnly() {
        List<String> command = words("CMD ");
        assertThat(command).startsWith("serve");
        ParseResult parsed =
                new CommandLine(new ServeCommand())
                        .parseArgs(command.subList(1, command.size()).toArray(String[]::new));
        assertThat(parsed.matchedOptionValue("--host", "")).isEqualTo("0.0.0.0");
        assertThat(parsed.hasMatchedOption("--api-key-file")).isTrue();
        assertThat(parsed.matchedOptionValue("--drain", 10)).isLessThan(10);
    }

    @Test
    void itDoesNotRunAsRoot() {
        int user = lines.indexOf("USER snoozy");
        assertThat(user).isPositive();
        assertThat(lines.subList(user, lines.size())).noneMatch(line -> line.startsWith("RUN"));
    }

    @Test
    void basesArePinned() {
        assertThat(lines.stream().filter(line -> line.startsWith("FROM ")))
                .hasSize(2)
                .allMatch(line -> line.matches("FROM [a-z-]+:\\d+[.\\d_]*-\\S+( AS \\w+)?"));
    }

    private List<String> words(String instruction) {
        String line =
                lines.stream().filter(l -> l.startsWith(instruction)).findFirst().orElseThrow();
        return WORD.matcher(line).results().map(m -> m.group(1)).toList();
    }
}
