package dev.snoozy.studio.web;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The evaluations of the stub: two that are over, one that is not, one by another protocol. */
final class StubEvaluate extends StubPart {
    private static final String HARNESS = "harness-current";
    private static final int ITEMS = 45;

    private static final List<String> TASKS =
            List.of(
                    "boolq",
                    "piqa",
                    "hellaswag",
                    "winogrande",
                    "arc_easy",
                    "arc_challenge",
                    "openbookqa");

    private final StubMachine machine;
    private final Map<String, ObjectNode> runs = new LinkedHashMap<>();

    StubEvaluate(StubMachine machine) {
        this.machine = machine;
        run("aaaaaaaaaaaaaaaa", "stub-model", HARNESS, 0.52, 7);
        run(
                "bbbbbbbbbbbbbbbb-harness-current-eight_bit",
                "other-model-with-a-long-name-q4_k_m",
                HARNESS,
                0.58,
                7);
        run("cccccccccccccccc-harness-current-f32", "a-model-that-is-gone", HARNESS, 0.31, 2);
        run("dddddddddddddddd-gpt4all-2023-eight_bit", "stub-model", "gpt4all-2023", 0.5, 7);
        on("GET", "evaluate/runs", (x, m) -> x.json(list()));
        on(
                "GET",
                "evaluate/runs/ID/items",
                (x, m) ->
                        x.json(
                                items(
                                        x.query("show"),
                                        x.query("from"),
                                        !x.query("other").isEmpty())));
        on(
                "DELETE",
                "evaluate/runs/ID",
                (x, m) -> {
                    runs.remove(m.group(1));
                    x.json(Json.object());
                });
        on("GET", "evaluate/compare", (x, m) -> x.json(compare()));
        on("GET", "evaluate/published", (x, m) -> x.json(published()));
        on("POST", "evaluate/sets", (x, m) -> x.json(sets(x.fields().requiredString("data"))));
    }

    private void run(String name, String model, String profile, double height, int tasks) {
        ObjectNode run = Json.object().put("name", name).put("folder", "/home/someone/" + name);
        run.put("precision", name.endsWith("f32") ? "f32" : "eight_bit");
        run.put("model", model).put("sha256", "4da755b4a657".repeat(5)).put("profile", profile);
        run.putArray("models");
        if (!model.contains("gone")) {
            run.withArray("models").addObject().put("name", model).put("bytes", 1_200_000_000L);
        }
        ArrayNode list = run.putArray("tasks");
        for (int i = 0; i < tasks; i++) {
            ObjectNode task = list.addObject().put("task", TASKS.get(i));
            task.put("value", height + 0.03 * i).put("error", 0.012).put("truncated", i);
            boolean part = tasks < TASKS.size() && i == tasks - 1;
            task.put("items", part ? 321 : 1838).put("of", 1838);
        }
        run.put("average", height + 0.015 * (tasks - 1)).put("averageError", 0.004);
        runs.put(name, run);
    }

    private synchronized ObjectNode list() {
        ObjectNode node = StubState.list("runs", runs.values());
        for (ObjectNode job : machine.jobsOf("evaluate")) {
            ObjectNode run = node.withArray("runs").addObject();
            run.set("model", job.path("request").path("model"));
            run.set("profile", job.path("request").path("profile"));
            run.putArray("models");
            run.putArray("tasks");
            run.set("job", job);
        }
        return node;
    }

    private static ObjectNode items(String show, String from, boolean two) {
        int first = Integer.parseInt(from);
        int total = show.equals("all") ? ITEMS : 3;
        ObjectNode node = Json.object().put("total", total).put("from", first).put("words", true);
        ArrayNode list = node.putArray("items");
        for (int i = first; i < Math.min(total, first + 20); i++) {
            boolean right = show.equals("all") ? i % 2 == 0 : !show.matches("wrong|second");
            ObjectNode item = list.addObject().put("index", i).put("gold", 1);
            item.put("question", "Question: How is thing " + i + " done?\nAnswer:");
            item.putArray("answers").add("by the usual way").add("by a way that is longer");
            judged(item, right);
            if (two) {
                judged(item.putObject("other"), !right);
            }
        }
        return node;
    }

    private static void judged(ObjectNode item, boolean right) {
        item.put("choice", right ? 1 : 0).put("right", right).put("truncated", false);
        item.putArray("scores").add(-21.5).add(-33.25);
        item.putArray("normalised").add(-1.25).add(-1.125);
        item.putArray("tokens").add(5).add(9);
    }

    private static ObjectNode compare() {
        ObjectNode node = Json.object();
        node.putArray("apart").add("openbookqa");
        ArrayNode list = node.putArray("differences");
        for (String task : List.of("boolq", "piqa", "all")) {
            list.addObject()
                    .put("task", task)
                    .put("items", 1838)
                    .put("onlyFirst", 31)
                    .put("onlySecond", 64)
                    .put("difference", 0.018)
                    .put("interval", 0.0104)
                    .put("p", 0.0009);
        }
        return node;
    }

    private static ObjectNode published() {
        ObjectNode node = Json.object().put("profile", "gpt4all-2023");
        ObjectNode row = node.putArray("rows").addObject().put("model", "GPT4All-13B-snoozy");
        List.of(83.3, 79.2, 75.0, 71.3, 60.9, 44.2, 43.4).forEach(row.putArray("scores")::add);
        row.put("average", 65.3);
        return node;
    }

    private static ObjectNode sets(String data) {
        if (!data.startsWith("/")) {
            throw HttpProblem.invalid("data", "expected the whole path of a folder with sets");
        }
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("sets");
        TASKS.forEach(task -> list.addObject().put("task", task).put("items", 1838));
        return node;
    }
}
