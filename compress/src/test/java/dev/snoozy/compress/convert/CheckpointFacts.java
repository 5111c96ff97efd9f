package dev.snoozy.compress.convert;

import dev.snoozy.format.json.JsonReader;
import dev.snoozy.testkit.TinyModel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the tiny model of an architecture is as a checkpoint, from checkpoint-facts.txt, which says
 * where the facts come from.
 *
 * @param model in GGUF
 * @param checkpointClass its class
 * @param modelType and {@code model_type}
 * @param config values of config.json, by their paths
 * @param tensors shapes by names, the slowest dimension first
 */
record CheckpointFacts(
        TinyModel model,
        String checkpointClass,
        String modelType,
        Map<String, Object> config,
        Map<String, List<Long>> tensors) {
    private static final String ARCHITECTURE = "architecture ";

    /** Those of all architectures that are there. */
    static Map<String, List<String>> lines() throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : text().lines().toList()) {
            if (line.startsWith(ARCHITECTURE)) {
                lines = new ArrayList<>();
                all.put(line.substring(ARCHITECTURE.length()), lines);
            } else {
                lines.add(line);
            }
        }
        return all;
    }

    private static String text() throws IOException {
        try (InputStream in = CheckpointFacts.class.getResourceAsStream("checkpoint-facts.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static CheckpointFacts of(String architecture) throws IOException {
        TinyModel model = TinyModel.of(architecture);
        Map<String, Object> config = new LinkedHashMap<>();
        Map<String, List<Long>> tensors = new LinkedHashMap<>();
        String[] names = {"", ""};
        for (String line : Objects.requireNonNull(lines().get(architecture))) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "without" -> model.without(architecture + "." + words[1]);
                case "key" -> model.with(architecture + "." + words[1], value(words[2]));
                case "remove" -> each(words, 2, (name, shape) -> model.without(name));
                case "add" -> each(words, 2, model::withTensor);
                case "class" -> names = new String[] {words[1], words[2]};
                case "config" -> config.put(words[1], json(line.split(" ", 3)[2]));
                case "tensor" ->
                        each(
                                words,
                                2,
                                (name, shape) ->
                                        tensors.put(name, Arrays.stream(shape).boxed().toList()));
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new CheckpointFacts(model, names[0], names[1], config, tensors);
    }

    private interface Tensor {
        void put(String name, long... shape);
    }

    /** A line's tensor in each of its layers. */
    private static void each(String[] words, int name, Tensor tensor) {
        long[] shape = Arrays.stream(words).skip(name + 1).mapToLong(Long::parseLong).toArray();
        for (String layer : words[1].split(",", -1)) {
            tensor.put(words[name].replaceAll("\\bN\\b", layer), shape.clone());
        }
    }

    private static Object value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (text.matches("[\\d,]+")) {
            int[] numbers =
                    Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
            return numbers.length == 1 ? numbers[0] : numbers;
        }
        return text.matches("[\\d.]+") ? Float.valueOf(text) : text;
    }

    private static @Nullable Object json(String text) {
        JsonReader reader = new JsonReader("facts", text.getBytes(StandardCharsets.UTF_8));
        Object value = reader.value();
        reader.end();
        return value;
    }
}
