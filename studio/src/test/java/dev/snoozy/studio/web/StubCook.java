package dev.snoozy.studio.web;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The recipes of the stub: one that is done, and those that jobs are at. */
final class StubCook extends StubPart {
    private static final List<String> STAGES =
            List.of("curate", "tune", "merge", "evaluate/before", "evaluate/after");

    private final StubMachine machine;
    private final ArrayNode recipes = Json.array();

    StubCook(StubMachine machine) {
        this.machine = machine;
        on("GET", "cook/runs", (x, m) -> x.json(list()));
        on("GET", "cook/runs/ID", (x, m) -> x.json(run(m.group(1))));
        on("GET", "cook/types", (x, m) -> x.json(types()));
        on("GET", "cook/recipes", (x, m) -> x.json(recipes()));
        on("POST", "cook/recipes", (x, m) -> x.json(write(x.fields().node())));
        on("POST", "cook/check", (x, m) -> x.json(check(x.fields().requiredString("recipe"))));
        on("POST", "cook/estimate", (x, m) -> x.json(estimate()));
    }

    private static ObjectNode types() {
        ObjectNode node = Json.object();
        List.of("Q8_0", "Q6_K", "Q4_K_M").forEach(node.putArray("types")::add);
        return node;
    }

    private synchronized ObjectNode recipes() {
        return Json.object().set("recipes", recipes.deepCopy());
    }

    private synchronized ObjectNode write(ObjectNode form) {
        if (!form.path("sets").asString("").startsWith("/")) {
            throw HttpProblem.invalid("sets", "expected a whole path");
        }
        String file = "/home/someone/recipes/" + form.path("name").asString() + ".yaml";
        recipes.addObject().put("name", "mine.yaml").put("recipe", file);
        return Json.object().put("recipe", file);
    }

    private static ArrayNode stages(int there) {
        ArrayNode list = Json.array();
        for (int i = 0; i < STAGES.size(); i++) {
            list.addObject().put("stage", STAGES.get(i)).put("there", i < there);
        }
        return list;
    }

    private static ObjectNode check(String recipe) {
        if (!recipe.startsWith("/")) {
            throw HttpProblem.invalid("recipe", "mine.yaml, line 7: rank: expected 1 or more");
        }
        boolean ready = !recipe.contains("large");
        ObjectNode node = Json.object().put("name", "mine").put("ready", ready);
        ArrayNode needs = node.putArray("needs");
        need(needs, "/home/someone/rows.jsonl", true);
        need(needs, "/home/someone/models/a-base-with-a-long-name-13b-f16.gguf", ready);
        return node.set("stages", stages(1));
    }

    private static void need(ArrayNode needs, String path, boolean there) {
        needs.addObject()
                .put("path", path)
                .put("there", there)
                .put("what", "the base model")
                .put("from", "where it is to be had")
                .put("licence", "CC0-1.0")
                .put("bytes", 7_865_956_352L);
    }

    private static ObjectNode estimate() {
        ObjectNode node = Json.object().put("seconds", 5400).put("memory", 2_400_000_000L);
        node.put("disk", 9_000_000_000L).put("measured", true).put("tokensPerSecond", 512.3);
        node.putArray("parts")
                .addObject()
                .put("stage", "tune")
                .put("seconds", 5000)
                .put("what", "240,000 tokens at most");
        return node;
    }

    private synchronized ObjectNode list() {
        ObjectNode node = Json.object();
        ArrayNode runs = node.putArray("runs");
        runs.addObject().put("name", "tiny").put("finished", true);
        for (ObjectNode job : machine.jobsOf("cook")) {
            runs.addObject().put("name", "mine").put("finished", false).set("job", job);
        }
        return node;
    }

    private ObjectNode run(String name) {
        ObjectNode run = Json.object().put("name", name).put("folder", "/home/someone/" + name);
        if (name.equals("tiny")) {
            run.put("finished", true).put("page", "/home/someone/tiny/report.html");
            run.set("report", report());
            run.putObject("speeds").putObject("after").put("prefill_per_second", 33237.4);
            return run;
        }
        for (ObjectNode job : machine.jobsOf("cook")) {
            ArrayNode rows = job.putArray("rows");
            rows.addObject().put("stage", "curate").put("number", 1).put("done", true);
            rows.addObject().put("stage", "tune").put("number", 2).put("done", false);
            run.set("job", job);
        }
        run.set("stages", stages(1));
        return run;
    }

    private static ObjectNode report() {
        ObjectNode report = Json.object().put("name", "tiny");
        ObjectNode curation = report.putObject("curation");
        curation.put("read", 951).put("kept", 941).put("removed", 10);
        curation.putArray("rules").addObject().put("rule", "empty").put("removed", 1);
        training(report.putObject("training"));
        ArrayNode models = report.putArray("models");
        for (String name : List.of("before", "after", "before-Q8_0", "after-Q8_0")) {
            ObjectNode model = models.addObject().put("model", name).put("bytes", 1_054_592);
            model.put("average", 0.318).put("average_stderr", 0.027);
            for (String task : List.of("piqa", "winogrande", "arc_easy")) {
                model.withArray("tasks")
                        .addObject()
                        .put("task", task)
                        .put("published", "acc")
                        .put("acc", 0.41)
                        .put("acc_stderr", 0.07);
            }
            model.putObject("perplexity").put("value", 6.3).put("stderr", 0.4);
            model.putArray("samples")
                    .addObject()
                    .put("prompt", "Once upon a time")
                    .put("continuation", "there was a badger.");
        }
        report.putArray("differences")
                .addObject()
                .put("first", "before")
                .put("second", "after")
                .put("task", "all")
                .put("items", 280)
                .put("difference", 0.021)
                .put("interval_95", 0.034)
                .put("p_value", 0.2713);
        report.putArray("files")
                .addObject()
                .put("file", "curate/train.jsonl")
                .put("bytes", 311_821)
                .put("sha256", "ca810e44fdec315d".repeat(4));
        return report;
    }

    private static void training(ObjectNode training) {
        training.put("loss_before", 4.107).put("loss_after", 2.903).put("better", true);
        training.put("gain", 1.204).put("gain_stderr", 0.054);
        ArrayNode curve = training.putArray("curve");
        for (int step = 0; step <= 40; step++) {
            double loss = 2.9 + 1.2 * Math.exp(-step / 9.0);
            if (step % 20 == 0) {
                curve.addObject().put("step", step).put("validation_loss", loss);
            }
            if (step > 0) {
                curve.addObject()
                        .put("step", step)
                        .put("loss", loss)
                        .put("rate", 0.004)
                        .put("norm", 0.5);
            }
        }
    }
}
