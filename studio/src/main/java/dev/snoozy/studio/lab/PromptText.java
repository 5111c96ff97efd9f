package dev.snoozy.studio.lab;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prompts in a file: a table of comma-separated values (RFC 4180), or JSON on each line. */
final class PromptText {
    private static final List<String> NAMES =
            List.of("prompt", "text", "instruction", "question", "input");

    private PromptText() {}

    /** The prompts of a text in {@code csv} or {@code jsonl}. */
    static List<String> read(String format, String text) {
        List<String> prompts =
                switch (format) {
                    case "csv" -> ofTable(text);
                    case "jsonl" -> ofLines(text);
                    default ->
                            throw HttpProblem.invalid(
                                    "format", "expected csv or jsonl, found " + format);
                };
        return prompts.stream().filter(prompt -> !prompt.isBlank()).toList();
    }

    private static List<String> ofLines(String text) {
        List<String> prompts = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode node;
            try {
                node = Json.parse(line);
            } catch (HttpProblem e) {
                throw HttpProblem.invalid("text", "line " + number + ": " + e.text());
            }
            prompts.add(prompt(node, number));
        }
        return prompts;
    }

    private static String prompt(JsonNode node, int number) {
        if (node.isString()) {
            return node.stringValue();
        }
        for (String name : NAMES) {
            if (node.path(name).isString()) {
                return node.path(name).stringValue();
            }
        }
        throw HttpProblem.invalid(
                "text",
                "line " + number + ": expected a string, or an object with one of " + NAMES);
    }

    /** The column whose name is known; without such a head the first column. */
    private static List<String> ofTable(String text) {
        List<List<String>> rows = rows(text);
        int column = 0;
        int first = 0;
        if (!rows.isEmpty()) {
            List<String> head =
                    rows.getFirst().stream()
                            .map(name -> name.strip().toLowerCase(Locale.ROOT))
                            .toList();
            for (String name : NAMES.reversed()) {
                if (head.contains(name)) {
                    column = head.indexOf(name);
                    first = 1;
                }
            }
        }
        List<String> prompts = new ArrayList<>();
        for (List<String> row : rows.subList(first, rows.size())) {
            prompts.add(column < row.size() ? row.get(column) : "");
        }
        return prompts;
    }

    private static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    value.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    value.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && value.isEmpty()) {
                quoted = true;
            } else if (c == ',') {
                row.add(value.toString());
                value.setLength(0);
            } else if (c == '\n') {
                row.add(value.toString());
                value.setLength(0);
                rows.add(row);
                row = new ArrayList<>();
            } else if (c != '\r') {
                value.append(c);
            }
        }
        if (quoted) {
            throw HttpProblem.invalid("text", "expected the end of a quoted value, found none");
        }
        if (!value.isEmpty() || !row.isEmpty()) {
            row.add(value.toString());
            rows.add(row);
        }
        return rows;
    }
}
