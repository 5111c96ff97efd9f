package dev.snoozy.server.ollama;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ChatFormat;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** What the file of a model says, and what the model can do. */
final class ModelInfo {
    /** The key of the chat template. */
    static final String TEMPLATE = "tokenizer.chat_template";

    private ModelInfo() {}

    /**
     * The metadata; arrays, which may have a hundred thousand elements, only if they are wanted.
     */
    static ObjectNode of(Metadata metadata, boolean arrays) {
        ObjectNode node = Json.object();
        metadata.values()
                .forEach((key, value) -> {
                    if (!value.isArray()) {
                        put(node, key, value.value());
                    } else if (arrays) {
                        node.set(key, array(value));
                    } else {
                        node.putNull(key);
                    }
                });
        return node;
    }

    private static void put(ObjectNode node, String key, Object value) {
        switch (value) {
            case Integer number -> node.put(key, number);
            case Long number -> node.put(key, number);
            case Float number -> node.put(key, number);
            case Double number -> node.put(key, number);
            case Boolean flag -> node.put(key, flag);
            default -> node.put(key, value.toString());
        }
    }

    private static ArrayNode array(MetadataValue value) {
        ArrayNode array = Json.array();
        for (int i = 0; i < value.length(); i++) {
            switch (Array.get(value.value(), i)) {
                case Integer number -> array.add(number);
                case Long number -> array.add(number);
                case Float number -> array.add(number);
                case Double number -> array.add(number);
                case Boolean flag -> array.add(flag);
                case Object other -> array.add(other.toString());
            }
        }
        return array;
    }

    /** A text of the metadata; "" if there is none. */
    static String text(Metadata metadata, String key) {
        return metadata.get(key) instanceof String text ? text : "";
    }

    /** What a request has that does not say otherwise, as lines of a name and a value. */
    static String parameters(GenerationOptions defaults) {
        SamplingOptions sampling = OllamaOptions.ownDefaults(defaults.sampling());
        List<String> lines = new ArrayList<>();
        line(lines, "temperature", sampling.temperature());
        line(lines, "top_k", sampling.topK());
        line(lines, "top_p", sampling.topP());
        line(lines, "min_p", sampling.minP());
        line(lines, "repeat_penalty", sampling.repeatPenalty());
        line(lines, "repeat_last_n", sampling.repeatLastN());
        defaults.stop()
                .forEach(stop ->
                        line(
                                lines,
                                "stop",
                                Json.text(Json.object().put("stop", stop).get("stop"))));
        return String.join("\n", lines);
    }

    private static void line(List<String> lines, String name, Object value) {
        lines.add("%-30s %s".formatted(name, value));
    }

    /** What a model can do, in Ollama's words. A model that says how it pools makes vectors. */
    static List<String> capabilities(Metadata metadata) {
        String architecture = text(metadata, "general.architecture");
        if (metadata.has(architecture + ".pooling_type")) {
            return List.of("embedding");
        }
        List<String> list = new ArrayList<>(List.of("completion"));
        String template = text(metadata, TEMPLATE);
        if (!template.isEmpty()) {
            list.add("tools");
        }
        if (!template.isEmpty() && ChatFormat.of(template).reasoning().isPresent()) {
            list.add("thinking");
        }
        return list;
    }
}
