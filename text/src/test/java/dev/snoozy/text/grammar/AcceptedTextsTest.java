package dev.snoozy.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Grammars with lists of texts, a text per line; ␤ stands for the end of a line. */
class AcceptedTextsTest {
    @ParameterizedTest
    @ValueSource(strings = {"arithmetic", "c-like", "json", "lists", "nested-schema", "recursion"})
    void takesTheTextsOfTheListAndNotTheOthers(String name) throws IOException {
        String[] parts = read(name).split("--- (accept|reject)\n", -1);
        assertThat(parts).hasSize(3);
        String kind = parts[0].substring(0, parts[0].indexOf('\n'));
        String source = parts[0].substring(kind.length() + 1);
        Grammar grammar = kind.equals("gbnf") ? Grammar.gbnf(source) : Grammar.jsonSchema(source);
        for (int i = 1; i < parts.length; i++) {
            for (String line : parts[i].substring(0, parts[i].length() - 1).split("\n", -1)) {
                assertThat(grammar.matches(line.replace('␤', '\n')))
                        .as(name + ": " + line)
                        .isEqualTo(i == 1);
            }
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = AcceptedTextsTest.class.getResourceAsStream(name + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
