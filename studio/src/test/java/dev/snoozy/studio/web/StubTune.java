package dev.snoozy.studio.web;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The training of the stub: two runs that are over, and those that jobs are at. */
final class StubTune extends StubPart {
    private static final int STEPS = 400;
    private static final int MEASURED = 50;

    private final StubMachine machine;
    private final Map<String, ObjectNode> runs = new LinkedHashMap<>();

    StubTune(StubMachine machine) {
        this.machine = machine;
        over("poems", 1, true);
        over("pirates_with_a_long_name", 1.3, false);
        on("GET", "tune/presets", (x, m) -> x.json(presets()));
        on("POST", "tune/plan", (x, m) -> x.json(plan(x.fields())));
        on("POST", "tune/recipe", (x, m) -> x.json(recipe(x.fields().requiredString("recipe"))));
        on("GET", "tune/runs", (x, m) -> x.json(list()));
        on("GET", "tune/runs/ID", (x, m) -> x.json(run(m.group(1))));
        on(
                "DELETE",
                "tune/runs/ID",
                (x, m) -> {
                    runs.remove(m.group(1));
                    x.json(Json.object());
                });
    }

    private static ObjectNode presets() {
        ObjectNode presets = Json.object();
        for (String name : List.of("snoozy", "gpt4all-lora")) {
            ObjectNode preset = presets.putObject(name);
            preset.put("rank", name.equals("snoozy") ? 16 : 8).put("alpha", 16.0);
            preset.put("dropout", 0.0).put("rate", 2e-4).put("batch", 16).put("length", 512);
            preset.put("epochs", 1).put("steps", 0).put("seed", 42).put("schedule", "cosine");
            preset.put("form", "auto").putArray("targets").add("all");
        }
        return presets;
    }

    private static ObjectNode plan(Fields fields) {
        if (!fields.requiredString("data").startsWith("/")) {
            throw HttpProblem.invalid("data", "expected the whole path of a file with rows");
        }
        return Json.object()
                .put("texts", 1200)
                .put("validationTexts", 60)
                .put("truncated", 3)
                .put("dropped", 0)
                .put("tokens", 240_000)
                .put("parameters", 1_300_000)
                .put("steps", STEPS)
                .put("memory", 2_400_000_000L)
                .put("available", 4_000_000_000L)
                .put("seconds", 5400);
    }

    private static ObjectNode recipe(String recipe) {
        if (!recipe.startsWith("/")) {
            throw HttpProblem.invalid("recipe", "mine.yaml, line 7: rank: expected 1 or more");
        }
        ObjectNode fields = Json.object().put("preset", "gpt4all-lora").put("name", "mine-2");
        fields.put("rank", 4).put("patience", 3).put("schedule", "cosine").put("exact", true);
        fields.putArray("targets").add("attn_q").add("ffn_up");
        fields.put("model", "stub-model");
        if (recipe.contains("cooked")) {
            return fields.put("data", "/home/someone/runs/cook/mine/curate").put("text", "");
        }
        return fields.put("text", "Its rows are not curated; cure: cook it.");
    }

    private static ObjectNode request(String name) {
        return Json.object()
                .put("name", name)
                .put("model", "stub-model")
                .put("data", "/home/someone/rows.jsonl")
                .put("preset", "snoozy")
                .put("rank", name.equals("poems") ? 8 : 16);
    }

    private void over(String name, double height, boolean samples) {
        ObjectNode run = Json.object().put("name", name).put("folder", "/home/someone/" + name);
        run.set("request", request(name));
        curves(run, STEPS, height, samples);
        runs.put(name, run);
    }

    /** The curves after some steps; the height tells runs apart. */
    private static void curves(ObjectNode run, int steps, double height, boolean samples) {
        ArrayNode points = run.putArray("points");
        ArrayNode validation = run.putArray("validation");
        for (int step = 0; step <= steps; step++) {
            double loss = height * (1.2 + 1.8 * Math.exp(-step / 90.0));
            if (step > 0) {
                points.addObject()
                        .put("step", step)
                        .put("loss", loss + 0.12 * Math.sin(step * 7.1))
                        .put("rate", 2e-4 * (1 + Math.cos(Math.PI * step / STEPS)) / 2)
                        .put("norm", 0.4 + 0.3 * Math.abs(Math.sin(step * 1.7)));
                run.set("loss", points.get(step - 1).path("loss"));
            }
            if (step % MEASURED == 0) {
                ObjectNode point = validation.addObject().put("step", step).put("loss", loss);
                run.put("best", loss).put("bestStep", step);
                if (samples) {
                    point.putArray("samples")
                            .addObject()
                            .put("prompt", "Say something.")
                            .put("text", "A poem of step " + step);
                }
            }
        }
        run.set("base", validation.get(0).path("loss"));
        run.put("step", steps).put("tokensPerSecond", 512.4).put("seconds", 4 * steps);
        run.put("heap", 310_000_000).put("checkpoint", true);
        run.put("adapter", "runs/" + run.path("name").asString());
    }

    private synchronized ObjectNode run(String name) {
        ObjectNode job = machine.tunes(name);
        if (job == null) {
            return StubState.need(runs, name).deepCopy();
        }
        ObjectNode run = Json.object().put("name", name);
        run.set("request", request(name));
        curves(run, job.path("progress").path("done").asInt(), 0.8, false);
        run.set("job", job);
        return run;
    }

    private synchronized ObjectNode list() {
        List<ObjectNode> all = new ArrayList<>();
        runs.keySet().forEach(name -> all.add(run(name)));
        return StubState.list("runs", all);
    }
}
