package dev.snoozy.server.openai;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request says to the chat template itself. */
final class TemplateVariables {
    /** Variables that the server gives, which nobody else may. */
    private static final Set<String> OURS =
            Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token");

    private TemplateVariables() {}

    static Map<String, Object> read(Fields fields) {
        Map<String, Object> variables = new HashMap<>();
        fields.string("reasoning_effort").ifPresent(effort -> variables.putAll(effort(effort)));
        fields.fields("chat_template_kwargs")
                .ifPresent(given ->
                        given.node()
                                .properties()
                                .forEach(entry -> {
                                    if (OURS.contains(entry.getKey())) {
                                        throw HttpProblem.unsupported(
                                                "chat_template_kwargs." + entry.getKey(),
                                                "the server sets it");
                                    }
                                    if (!entry.getValue().isNull()) {
                                        variables.put(entry.getKey(), plain(entry.getValue()));
                                    }
                                }));
        return variables;
    }

    /** What templates read of how much a model shall think. */
    static Map<String, Object> effort(String effort) {
        return Map.of("reasoning_effort", effort, "enable_thinking", !effort.equals("none"));
    }

    /** JSON as the values that templates know. */
    static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    node.canConvertToExactIntegral() && node.canConvertToLong()
                            ? (Object) node.asLong()
                            : (Object) node.doubleValue();
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(element -> list.add(plain(element)));
                yield list;
            }
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
                yield map;
            }
            default -> node.asString("");
        };
    }
}
