package dev.snoozy.text.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs cases of small templates. */
final class LanguageCases {
    private LanguageCases() {}

    /** What differs from what the cases expect. */
    static List<String> differences(List<Map<String, Object>> cases) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> testCase : cases) {
            Map<String, Object> variables = new HashMap<>();
            ((Map<?, ?>) testCase.getOrDefault("context", Map.of()))
                    .forEach((name, value) -> variables.put((String) name, value));
            String source = String.valueOf(testCase.get("source"));
            String difference;
            try {
                ChatTemplate template = ChatTemplate.parse(source);
                difference = Cases.difference(template, variables, testCase);
            } catch (TemplateException e) {
                difference = Cases.difference(e, testCase);
            }
            if (!difference.isEmpty()) {
                differences.add(testCase.get("id") + " " + source + ": " + difference);
            }
        }
        return differences;
    }
}
