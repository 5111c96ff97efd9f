package dev.snoozy.text.chat;

import tools.jackson.core.type.TypeReference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers of an assistant that a template is asked to write. */
@SuppressWarnings("NullAway") // members of JSON that are known to be there
final class Conversations {
    /** In the form in which templates get tools. */
    static final Object TOOLS =
            ReadBack.JSON.readValue(
                    """
                    [{"type": "function", "function": {
                        "name": "get_weather", "description": "Weather of a city",
                        "parameters": {"type": "object", "properties": {
                          "location": {"type": "string", "description": "City"},
                          "days": {"type": "integer"},
                          "exact": {"type": "boolean"},
                          "opts": {"type": "object"}}, "required": ["location"]}}},
                     {"type": "function", "function": {
                        "name": "get_time", "description": "Time",
                        "parameters": {"type": "object", "properties": {}}}}]
                    """,
                    Object.class);

    private static final String OSLO = "{'location': 'Oslo', 'days': 3, 'exact': true}";
    private static final String NESTED =
            """
            {'location': 'a<b & \\"c\\"\\n</tool_call> \\u00e9 {[', 'exact': false,
             'opts': {'list': [1, 2.5, true, null, 'x, y'], 'k': {'x': 'it\\\\\\\\s'}}}\
            """;

    private Conversations() {}

    static Map<String, Map<String, Object>> all() {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        all.put("one call", message("", "", call("get_weather", OSLO)));
        all.put("no arguments", message("", "", call("get_time", "{}")));
        all.put(
                "two calls",
                message("", "", call("get_weather", OSLO) + ", " + call("get_time", "{}")));
        all.put("nested arguments", message("", "", call("get_weather", NESTED)));
        all.put("content and call", message("I look.", "", call("get_weather", OSLO)));
        all.put("reasoning and call", message("", "Hmm.", call("get_weather", OSLO)));
        all.put("reasoning and answer", message("The answer.\n\nIs 4.", "Hmm.\n\nWell.", ""));
        all.put("answer", message("The answer.", "", ""));
        return all;
    }

    private static String call(String name, String arguments) {
        String id = name.equals("get_time") ? "bbbbbbbb2" : "aaaaaaaa1";
        return "{'id': '%s', 'type': 'function', 'function': {'name': '%s', 'arguments': %s}}"
                .formatted(id, name, arguments);
    }

    private static Map<String, Object> message(String content, String reasoning, String calls) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", content);
        if (!reasoning.isEmpty()) {
            for (String name : List.of("reasoning_content", "thinking", "reasoning")) {
                message.put(name, reasoning);
            }
        }
        if (!calls.isEmpty()) {
            String json = "[" + calls.replace('\'', '"') + "]";
            message.put(
                    "tool_calls", ReadBack.JSON.readValue(json, new TypeReference<Object>() {}));
        }
        return message;
    }

    /** The forms of a message that templates want: arguments as they are, objects, or text. */
    static List<Map<String, Object>> forms(Map<String, Object> message) {
        if (!message.containsKey("tool_calls")) {
            return List.of(message);
        }
        return List.of(message, converted(message, false), converted(message, true));
    }

    private static Map<String, Object> converted(Map<String, Object> message, boolean text) {
        Map<String, Object> copy =
                ReadBack.JSON.readValue(
                        ReadBack.JSON.writeValueAsString(message),
                        new TypeReference<Map<String, Object>>() {});
        for (Object call : (List<?>) copy.get("tool_calls")) {
            @SuppressWarnings("unchecked")
            Map<String, Object> function = (Map<String, Object>) ((Map<?, ?>) call).get("function");
            Object arguments = ReadBack.json(function.get("arguments"));
            String json = ReadBack.JSON.writeValueAsString(arguments);
            function.put("arguments", text ? json : ReadBack.JSON.readValue(json, Object.class));
        }
        if (copy.get("content") == null) {
            copy.put("content", "");
        }
        return copy;
    }
}
