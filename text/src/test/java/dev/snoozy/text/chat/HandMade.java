package dev.snoozy.text.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An answer written by hand, and what is in it.
 *
 * @param marks what the chat template holds
 * @param calls a name and JSON each
 * @param ids expected ones; empty where they do not matter
 */
record HandMade(
        String name,
        String marks,
        String prompt,
        String answer,
        String content,
        String reasoning,
        List<String> calls,
        List<String> ids) {
    static final List<ToolDefinition> TOOLS =
            List.of(
                    new ToolDefinition(
                            "get_weather",
                            "Weather of a city",
                            """
                            {"type": "object", "properties": {
                              "location": {"type": "string"},
                              "days": {"type": "integer"},
                              "opts": {"type": "object"}}}\
                            """),
                    new ToolDefinition("get_time", "", ToolDefinition.NO_PARAMETERS),
                    new ToolDefinition("brave_search", "", ToolDefinition.NO_PARAMETERS),
                    new ToolDefinition("python", "", ToolDefinition.NO_PARAMETERS));

    ChatFormat format() {
        return ChatFormat.of(marks);
    }

    ParserOptions options() {
        return ParserOptions.DEFAULT
                .withTools(TOOLS)
                .withPromptEnd(prompt)
                .withControlNames(Set.of("<s>", "<|im_end|>"));
    }

    /** All answers of the file beside this class. */
    static List<HandMade> all() {
        String text;
        try (InputStream in = HandMade.class.getResourceAsStream("answers.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<HandMade> all = new ArrayList<>();
        for (String section : text.split("(?m)^### ")) {
            if (!section.isBlank()) {
                all.add(of(section));
            }
        }
        return all;
    }

    private static HandMade of(String section) {
        String name = section.lines().findFirst().orElseThrow();
        String[] fields = {"", "", "", "", ""};
        List<String> calls = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String field : section.split("(?m)^@")) {
            String key = field.split("[ \n]", 2)[0];
            String value = field.substring(Math.min(field.length(), key.length() + 1));
            String line = value.strip().replace("\\n", "\n");
            switch (key) {
                case "marks" -> fields[0] = line;
                case "prompt" -> fields[1] = value.stripTrailing().replace("\\n", "\n");
                case "answer" -> fields[2] = value.stripTrailing();
                case "content" -> fields[3] = value.stripTrailing().replace("\\n", "\n");
                case "reasoning" -> fields[4] = line;
                case "call" -> {
                    String[] call = value.strip().split(" ", 2);
                    calls.add(call[0] + " " + ReadBack.json(call[1]));
                }
                case "id" -> ids.add(line);
                default -> {}
            }
        }
        return new HandMade(
                name, fields[0], fields[1], fields[2], fields[3], fields[4], calls, ids);
    }
}
