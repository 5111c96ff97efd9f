package dev.snoozy.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.testkit.Data;
import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Templates that something has damaged: each renders or says what is wrong with it. */
class TemplateFuzzTest {
    /** Steps that a sound template of the collection needs for this conversation, many times. */
    private static final TemplateLimits LIMITS = new TemplateLimits(50_000, 600, 1 << 20, 4 << 20);

    private static final String[] PIECES = {
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        ".",
        "'",
        "\"",
        "\\",
        " if ",
        " for x in messages ",
        " endfor ",
        " endif ",
        " not ",
        "loop",
        "[::-1]",
        " * 100000",
        "~",
        "messages",
        "\n",
        " is ",
        " else ",
        "**",
        "\u0000",
        "é",
        "\ud800",
        ",",
        "9999999999",
        "{% raw %}",
        "namespace",
        "| tojson",
        "recursive",
        "{% macro f() %}",
        "f()",
    };

    private static Map<String, Object> variables() {
        Map<String, Object> function =
                Map.of("name", "f", "arguments", Map.of("a", 1), "description", "d");
        return Map.of(
                "messages",
                List.of(
                        Map.of("role", "system", "content", "Be kind."),
                        Map.of("role", "user", "content", "Hello"),
                        Map.of(
                                "role",
                                "assistant",
                                "content",
                                "",
                                "tool_calls",
                                List.of(Map.of("id", "1", "function", function))),
                        Map.of("role", "tool", "content", "4", "name", "f")),
                "tools",
                List.of(Map.of("type", "function", "function", function)),
                "add_generation_prompt",
                true,
                "bos_token",
                "<s>");
    }

    /** What a template does: "rendered", or the kind of its failure. */
    private static String outcome(String source) {
        try {
            ChatTemplate.parse(source).render(variables(), LIMITS, Cases.CLOCK);
            return "rendered";
        } catch (TemplateException e) {
            assertThat(e.getMessage()).isNotNull();
            return e.kind().name();
        } catch (TextException e) {
            return "refused";
        }
    }

    private static String damaged(String source, Random random) {
        String text = source;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times && !text.isEmpty(); i++) {
            int a = random.nextInt(text.length());
            int b = Math.min(text.length(), a + random.nextInt(1 + random.nextInt(60)));
            int c = random.nextInt(text.length());
            String chunk = text.substring(a, b);
            text =
                    switch (random.nextInt(6)) {
                        case 0 -> text.substring(0, a) + text.substring(b);
                        case 1 -> text.substring(0, c) + chunk + text.substring(c);
                        case 2 -> text.substring(0, a) + text.substring(b) + chunk;
                        case 3 -> text.substring(0, a);
                        case 4 -> text.substring(0, a) + chunk.repeat(3) + text.substring(a);
                        default ->
                                text.substring(0, a)
                                        + PIECES[random.nextInt(PIECES.length)]
                                        + text.substring(random.nextBoolean() ? a : b);
                    };
        }
        return text;
    }

    private static List<String> outcomes(List<String> sources, int rounds, long seed) {
        Random random = new Random(seed);
        List<String> outcomes = new ArrayList<>();
        for (String source : sources) {
            for (int round = 0; round < rounds; round++) {
                String text = damaged(source, random);
                try {
                    outcomes.add(outcome(text));
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError("this template failed otherwise:\n" + text, e);
                }
            }
        }
        return outcomes;
    }

    private static List<String> small() throws IOException {
        try (var in = TemplateFuzzTest.class.getResourceAsStream("fuzz.txt")) {
            assertThat(in).isNotNull();
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(all.split("\n====\n"));
        }
    }

    @Test
    void damagedSmallTemplatesRenderOrSayWhy() throws IOException {
        List<String> outcomes = outcomes(small(), 4_000, 1);
        assertThat(outcomes).contains("rendered", "SYNTAX", "UNDEFINED", "RUNTIME", "LIMIT");
    }

    @Test
    void smallTemplatesAreSound() throws IOException {
        assertThat(small()).hasSizeGreaterThan(3).allMatch(one -> outcome(one).equals("rendered"));
    }

    @Test
    void damagedPublishedTemplatesRenderOrSayWhy() throws IOException {
        Path folder = Data.shared().resolve("chat/templates");
        assumeTrue(Files.isDirectory(folder), "no reference data at " + folder);
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                sources.add(Files.readString(file));
            }
        }
        List<String> outcomes = outcomes(sources, 60, 2);
        assertThat(outcomes).contains("rendered", "SYNTAX", "UNDEFINED");
    }

    @Test
    void randomTagsRenderOrSayWhy() {
        Random random = new Random(3);
        for (int i = 0; i < 30_000; i++) {
            StringBuilder source = new StringBuilder("{{ ");
            int pieces = random.nextInt(12);
            for (int j = 0; j < pieces; j++) {
                source.append(PIECES[random.nextInt(PIECES.length)]);
            }
            assertThat(outcome(source.toString())).isNotEmpty();
        }
    }
}
