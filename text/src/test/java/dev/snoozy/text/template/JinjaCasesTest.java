package dev.snoozy.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cases that lie in the repository, as Jinja renders them. */
class JinjaCasesTest {
    private static String resource(String name) throws IOException {
        try (InputStream in = JinjaCasesTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"language.jsonl", "jinja.jsonl"})
    void evaluatesTheLanguageAsJinjaDoes(String file) throws IOException {
        List<Map<String, Object>> cases = Cases.parse(resource(file));
        assertThat(cases).hasSizeGreaterThan(60);
        assertThat(LanguageCases.differences(cases)).isEmpty();
    }

    @Test
    void rendersConversationsAsJinjaDoes() throws IOException {
        Map<String, ChatTemplate> templates = new HashMap<>();
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> testCase : Cases.parse(resource("conversations.jsonl"))) {
            String name = (String) testCase.get("template");
            if (!templates.containsKey(name)) {
                templates.put(name, ChatTemplate.parse(resource("templates/" + name + ".jinja")));
            }
            String difference =
                    Cases.difference(templates.get(name), Cases.variables(testCase), testCase);
            if (!difference.isEmpty()) {
                differences.add(testCase.get("id") + ": " + difference);
            }
        }
        assertThat(templates).hasSize(5);
        assertThat(differences).isEmpty();
    }
}
