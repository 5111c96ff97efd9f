package dev.snoozy.studio.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.cook.CookException;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.cook.Estimate;
import dev.snoozy.cook.Need;
import dev.snoozy.engine.ModelException;
import dev.snoozy.eval.EvalException;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.server.jobs.Jobs;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.api.RecipeField;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Recipes on the page: what they need and would take, what they came to, and the job that cooks.
 */
public final class CookApi {
    private final ModelFiles models;
    private final Path recipes;
    private final IntSupplier threads;
    private final CookRuns runs;
    private final CookKind kind;

    /**
     * Recipes.
     *
     * @param models that there are
     * @param recipes the folder of those that are written here
     * @param results the folder of what they come to
     * @param threads that compute, as they are chosen when a job begins
     */
    public CookApi(ModelFiles models, Path recipes, Path results, IntSupplier threads) {
        this.models = models;
        this.recipes = recipes;
        this.threads = threads;
        runs = new CookRuns(results);
        kind = new CookKind(results, threads);
    }

    /** The kind of job. */
    public JobKind kind() {
        return kind;
    }

    /**
     * Adds what may be asked.
     *
     * @param jobs among which those of this kind are
     */
    public void addTo(ApiRoutes routes, Jobs jobs) {
        routes.on("GET", "/cook/runs", call -> io(() -> call.json(list(jobs))));
        routes.on("GET", "/cook/runs/{run}", call -> io(() -> whole(call, jobs)));
        routes.on("POST", "/cook/check", call -> call.json(check(call.fields())));
        routes.on("POST", "/cook/estimate", call -> io(() -> estimate(call)));
        routes.on("GET", "/cook/types", call -> call.json(types()));
        routes.on("GET", "/cook/recipes", call -> io(() -> call.json(recipes())));
        routes.on(
                "POST",
                "/cook/recipes",
                call ->
                        io(() -> {
                            Path file = new RecipeForm(call.fields(), models).write(recipes);
                            call.created(Json.object().put("recipe", file.toString()));
                        }));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void io(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new HttpProblem(Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** The latest job of each recipe, by the name that its title has. */
    private Map<String, JobRecord> latest(Jobs jobs) {
        Map<String, JobRecord> latest = new LinkedHashMap<>();
        for (JobRecord job : jobs.all()) {
            if (job.kind().equals(kind.name())) {
                latest.putIfAbsent(job.title().replaceFirst("^Cook ", ""), job);
            }
        }
        return latest;
    }

    private ObjectNode list(Jobs jobs) throws IOException {
        Map<String, JobRecord> latest = latest(jobs);
        List<String> names = runs.names();
        ArrayNode list = Json.array();
        latest.forEach((name, job) -> {
            if (!names.contains(name) && !job.state().isOver()) {
                ObjectNode run = list.addObject().put("name", name).put("finished", false);
                run.set("job", json(job, false));
            }
        });
        for (String name : names) {
            ObjectNode run = runs.json(name, false);
            JobRecord job = latest.get(name);
            if (job != null) {
                run.set("job", json(job, false));
            }
            list.add(run);
        }
        return Json.object().set("runs", list);
    }

    private static ObjectNode json(JobRecord job, boolean whole) {
        return (whole ? job.json() : job.summary()).put("goesOn", true);
    }

    private void whole(Call call, Jobs jobs) throws IOException {
        String name = call.part("run");
        JobRecord job = latest(jobs).get(name);
        if (!runs.has(name) && job == null) {
            throw Call.missing("run");
        }
        ObjectNode run =
                runs.has(name)
                        ? runs.json(name, true)
                        : Json.object().put("name", name).put("finished", false);
        if (job != null) {
            run.set("job", json(job, true));
            try {
                CookRecipe recipe = RecipeField.of(new Fields(job.request()));
                run.set("stages", runs.stages(name, recipe.stages()));
            } catch (HttpProblem e) {
                run.put("problem", e.text()); // the recipe is gone, or not sound any more
            }
        }
        call.json(run);
    }

    private ObjectNode check(Fields request) {
        CookRecipe recipe = RecipeField.of(request);
        ObjectNode node = Json.object().put("name", recipe.name());
        node.put("ready", recipe.missing().isEmpty());
        node.put("folder", runs.folder(recipe.name()).toString());
        ArrayNode needs = node.putArray("needs");
        for (Need need : recipe.needs().stream().distinct().toList()) {
            ObjectNode entry = needs.addObject().put("path", need.path().toString());
            entry.put("there", need.isThere()).put("what", need.what());
            entry.put("from", need.from()).put("licence", need.licence());
            entry.put("bytes", need.bytes());
        }
        node.set("stages", runs.stages(recipe.name(), recipe.stages()));
        return node;
    }

    private void estimate(Call call) throws IOException {
        CookRecipe recipe = RecipeField.of(call.fields());
        Estimate estimate;
        try {
            estimate = Estimate.of(recipe, threads.getAsInt());
        } catch (ModelException | FormatException | EvalException | CookException e) {
            throw new IOException(e.getMessage(), e);
        }
        ObjectNode node = Json.object().put("name", recipe.name());
        if (estimate != null) {
            node.put("seconds", estimate.seconds()).put("memory", estimate.memory());
            node.put("disk", estimate.disk()).put("measured", estimate.measured());
            node.put("tokensPerSecond", estimate.tokensPerSecond());
            ArrayNode parts = node.putArray("parts");
            for (Estimate.Part part : estimate.parts()) {
                parts.addObject()
                        .put("stage", part.stage())
                        .put("seconds", part.seconds())
                        .put("what", part.what());
            }
        }
        call.json(node);
    }

    private static ObjectNode types() {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("types");
        Mixture.all().forEach(mixture -> list.add(mixture.name()));
        return node;
    }

    private ObjectNode recipes() throws IOException {
        ArrayNode list = Json.array();
        if (Files.isDirectory(recipes)) {
            try (Stream<Path> files = Files.list(recipes)) {
                files.filter(file -> file.toString().endsWith(".yaml"))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file ->
                                list.addObject()
                                        .put("name", file.getFileName().toString())
                                        .put("recipe", file.toString()));
            }
        }
        return Json.object().set("recipes", list);
    }
}
