package dev.snoozy.text.template;

import dev.snoozy.testkit.Data;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Files of cases: one JSON object a line. */
final class Cases {
    /** The time at which the expected texts were made. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-15T10:30:00Z"), ZoneOffset.UTC);

    private static final JsonMapper JSON = new JsonMapper();

    private Cases() {}

    static List<Map<String, Object>> read(Path file) throws IOException {
        return parse(new String(Data.read(file), StandardCharsets.UTF_8));
    }

    static List<Map<String, Object>> parse(String lines) {
        return lines.lines().filter(line -> !line.isBlank()).map(Cases::parseLine).toList();
    }

    private static Map<String, Object> parseLine(String line) {
        return JSON.readValue(line, new TypeReference<Map<String, Object>>() {});
    }

    /** What differs from what a case expects, or an empty string. */
    static String difference(ChatTemplate template, Map<String, ?> variables, Map<?, ?> expected) {
        try {
            String text = template.render(variables, TemplateLimits.DEFAULT, CLOCK);
            return text.equals(expected.get("expected"))
                    ? ""
                    : "expected %s\n found   %s"
                            .formatted(expected(expected), JSON.writeValueAsString(text));
        } catch (TemplateException e) {
            return difference(e, expected);
        }
    }

    static String difference(TemplateException found, Map<?, ?> expected) {
        if (!(expected.get("error") instanceof Map<?, ?> error)) {
            return "expected %s\n failed  %s".formatted(expected(expected), found);
        }
        String kind = found.kind().name().toLowerCase(java.util.Locale.ROOT);
        String wanted = String.valueOf(error.get("kind")).replaceFirst(":.*", "");
        boolean message =
                !wanted.equals("raised")
                        || Objects.equals(error.get("message"), found.getMessage());
        return kind.equals(wanted) && message
                ? ""
                : "expected %s\n failed  %s".formatted(expected(expected), found);
    }

    private static String expected(Map<?, ?> expected) {
        Object error = expected.get("error");
        return JSON.writeValueAsString(error == null ? expected.get("expected") : error);
    }

    /** The variables of a case of a conversation. */
    static Map<String, Object> variables(Map<String, Object> testCase) {
        Map<String, Object> variables = new HashMap<>();
        for (String name : List.of("messages", "tools", "documents", "add_generation_prompt")) {
            variables.put(name, testCase.get(name));
        }
        for (String name : List.of("bos_token", "eos_token")) {
            if (testCase.get(name) != null) {
                variables.put(name, testCase.get(name));
            }
        }
        ((Map<?, ?>) testCase.getOrDefault("kwargs", Map.of()))
                .forEach((name, value) -> variables.put((String) name, value));
        return variables;
    }
}
