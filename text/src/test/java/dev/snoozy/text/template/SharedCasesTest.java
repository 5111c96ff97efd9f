package dev.snoozy.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All published templates and conversations of the reference data, as Jinja renders them. */
class SharedCasesTest {
    private static final Path CHAT = Data.shared().resolve("chat");

    @BeforeEach
    void requireData() {
        assumeTrue(Files.isDirectory(CHAT), "no reference data at " + CHAT);
    }

    @Test
    void rendersEveryConversationAsJinjaDoes() throws IOException {
        Map<String, ChatTemplate> templates = new HashMap<>();
        List<String> differences = new ArrayList<>();
        List<Map<String, Object>> cases = Cases.read(CHAT.resolve("cases.jsonl.gz"));
        for (Map<String, Object> testCase : cases) {
            String name = (String) testCase.get("template");
            if (!templates.containsKey(name)) {
                Path file = CHAT.resolve("templates").resolve(name + ".jinja");
                templates.put(name, ChatTemplate.parse(Files.readString(file)));
            }
            String difference =
                    Cases.difference(templates.get(name), Cases.variables(testCase), testCase);
            if (!difference.isEmpty()) {
                differences.add(testCase.get("id") + ": " + difference);
            }
        }
        assertThat(cases).isNotEmpty();
        assertThat(differences).isEmpty();
    }

    @Test
    void evaluatesEveryLanguageCaseAsJinjaDoes() throws IOException {
        List<Map<String, Object>> cases = Cases.read(CHAT.resolve("language.jsonl.gz"));
        assertThat(cases).isNotEmpty();
        assertThat(LanguageCases.differences(cases)).isEmpty();
    }
}
