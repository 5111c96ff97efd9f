package dev.snoozy.studio.lab;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Runs;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The results of a run as a table for other programs. */
final class RunExport {
    private static final List<String> HEAD =
            List.of(
                    "run",
                    "prompt",
                    "round",
                    "column",
                    "label",
                    "model",
                    "digest",
                    "options",
                    "seed",
                    "system",
                    "text",
                    "reasoning",
                    "finish",
                    "error",
                    "tokens",
                    "tokens_per_second",
                    "first_ms",
                    "adapters");

    private RunExport() {}

    /** One JSON object for each answer, as it is kept. */
    static String lines(Runs.Run run, List<Runs.Cell> cells) {
        StringBuilder text = new StringBuilder();
        for (Runs.Cell cell : cells) {
            ObjectNode node = cell.json();
            node.put("run", run.id()).put("kind", run.kind());
            node.put("promptText", prompt(run, cell));
            node.put("system", run.request().path("system").asString(""));
            node.set("settings", column(run, cell));
            text.append(Json.text(node)).append('\n');
        }
        return text.toString();
    }

    /**
     * Comma-separated values. A value that a spreadsheet would take for a formula begins with an
     * apostrophe, for what a model writes may be hostile; the lines of JSON have it unchanged.
     */
    static String table(Runs.Run run, List<Runs.Cell> cells) {
        StringBuilder text = new StringBuilder(String.join(",", HEAD)).append("\r\n");
        for (Runs.Cell cell : cells) {
            ObjectNode result = cell.result();
            JsonNode column = column(run, cell);
            JsonNode stats = result.path("stats");
            List<String> row = new ArrayList<>();
            row.add(run.id());
            row.add(prompt(run, cell));
            row.add(String.valueOf(cell.round()));
            row.add(String.valueOf(cell.column()));
            row.add(column.path("label").asString(""));
            row.add(result.path("model").asString(""));
            row.add(result.path("digest").asString(""));
            row.add(Json.text(column.path("options")));
            row.add(result.path("seed").asString(""));
            row.add(run.request().path("system").asString(""));
            row.add(result.path("text").asString(""));
            row.add(result.path("reasoning").asString(""));
            row.add(result.path("finish").asString(cell.state()));
            row.add(result.path("error").asString(""));
            row.add(stats.path("tokens").asString(""));
            row.add(stats.path("tokensPerSecond").asString(""));
            row.add(stats.path("firstMs").asString(""));
            JsonNode adapters = result.path("adapters");
            row.add(adapters.isEmpty() ? "" : Json.text(adapters));
            text.append(row.stream().map(RunExport::value).collect(Collectors.joining(",")));
            text.append("\r\n");
        }
        return text.toString();
    }

    private static String prompt(Runs.Run run, Runs.Cell cell) {
        return run.request().path("prompts").path(cell.prompt()).asString("");
    }

    private static JsonNode column(Runs.Run run, Runs.Cell cell) {
        return run.request().path("columns").path(cell.column());
    }

    private static String value(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String safe = formula ? "'" + text : text;
        boolean quoted = safe.matches("(?s).*[\",\r\n].*") || !safe.equals(safe.strip());
        return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
