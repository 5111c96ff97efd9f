package dev.snoozy.studio.web;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Training data of the stub: two curations, one of which has run. */
final class StubData extends StubPart {
    private static final String FILTERS =
            """
            [{"name": "empty", "settings": {}},
             {"name": "refusal", "settings": {"first-characters": 400}},
             {"name": "echo", "settings": {"words": 8, "share": 0.95}},
             {"name": "language", "settings": {"keep": ["en"], "share": 0.65}},
             {"name": "personal-data", "settings": {"action": "replace"}}]\
            """;

    private static final String RECIPE =
            """
            {"format": "snoozy-recipe-1",
             "inputs": [{"path": "/home/someone/data/dolly.jsonl.gz", "licence": "MIT", "weight": 1}],
             "filters": {"empty": true, "refusal": {"first-characters": 400},
               "echo": {"words": 8, "share": 0.95}, "language": false,
               "personal-data": {"action": "replace"}},
             "duplicates": {"exact": true, "near": {"prompt": 0.8, "response": 0.8, "both": 0.8},
               "semantic": false},
             "decontaminate": [], "marks": "marks.json", "split": {"validation": 0.02},
             "map": {"rows": 20000}}\
            """;

    private static final String YAML =
            """
            format: snoozy-recipe-1
            inputs:
              - {path: /home/someone/data/dolly.jsonl.gz, licence: MIT, weight: 1.0}
            filters:
              empty: true
              refusal: {first-characters: 400}
            """;

    StubData() {
        on("GET", "data", (x, m) -> x.json(list()));
        on("GET", "data/ID", (x, m) -> x.json(whole(m.group(1))));
        on("GET", "data/ID/removed", (x, m) -> x.json(removed()));
        on("GET", "data/ID/groups", (x, m) -> x.json(groups()));
    }

    private static ObjectNode list() {
        ObjectNode node = Json.object();
        ArrayNode all = node.putArray("curations");
        all.addObject().put("name", "maths").put("read", 7473).put("kept", 7460).put("removed", 13);
        all.addObject().put("name", "not-run-yet-with-a-long-name");
        return node.set("filters", Json.parse(FILTERS));
    }

    private static ObjectNode whole(String name) {
        ObjectNode node = Json.object().put("name", name).put("yaml", YAML).put("map", true);
        node.put("folder", "/home/someone/.local/share/snoozy/curations/" + name);
        node.set("recipe", Json.parse(RECIPE));
        ObjectNode report = node.putObject("report");
        List.of("read", "kept", "removed", "changed", "malformed", "train", "validation")
                .forEach(count -> report.put(count, 1234 + count.length()));
        ArrayNode rules = report.putArray("rules");
        List.of("empty", "refusal", "near-duplicate")
                .forEach(rule ->
                        rules.addObject().put("rule", rule).put("removed", 4).put("changed", 1));
        report.putArray("sources")
                .addObject()
                .put("source", "dolly")
                .put("read", 7473)
                .put("kept", 7460);
        return node;
    }

    private static ObjectNode row(String prompt, String reason) {
        ObjectNode row = Json.object().put("id", "a1").put("rule", "refusal").put("reason", reason);
        row.put("file", "dolly.jsonl.gz").put("line", 17);
        ArrayNode messages = row.putArray("messages");
        messages.addObject().put("role", "user").put("content", prompt).put("cut", false);
        messages.addObject()
                .put("role", "assistant")
                .put("content", "As an AI language model, I cannot tell.\n\nAsk somebody else.")
                .put("cut", true);
        return row;
    }

    private static JsonNode removed() {
        ObjectNode node = Json.object().put("more", true);
        node.putArray("rows").add(row("Who was the first?", "\"As an AI\" at the beginning"));
        return node;
    }

    private static JsonNode groups() {
        ObjectNode node = Json.object().put("more", false);
        ObjectNode group = node.putArray("groups").addObject().put("more", 3);
        group.set("kept", row("How fast is a falcon?", ""));
        group.putArray("removed").add(row("How FAST is a falcon?", "")).add(row("How fast?", ""));
        return node;
    }
}
