package dev.snoozy.studio.tune;

import dev.snoozy.cook.CookRecipe;
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
import dev.snoozy.studio.write.Digests;
import dev.snoozy.tune.TunePlan;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** Training on the page: its runs, what one would take, and the kind of job that does it. */
public final class TuneApi {
    private final TuneRuns runs;
    private final TuneKind kind;
    private final TuneRecipes recipes;

    /**
     * Training.
     *
     * @param models that there are
     * @param digests of their files
     * @param folder of the runs
     * @param cooked folder of what recipes have come to
     * @param threads that compute, as they are chosen when a run begins
     */
    public TuneApi(
            ModelFiles models, Digests digests, Path folder, Path cooked, IntSupplier threads) {
        runs = new TuneRuns(folder);
        this.recipes = new TuneRecipes(models, digests, cooked);
        kind = new TuneKind(models, runs, threads);
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
        routes.on("GET", "/tune/presets", call -> call.json(TuneFields.presets()));
        routes.on("POST", "/tune/plan", this::plan);
        routes.on("POST", "/tune/recipe", call -> recipe(call, jobs));
        routes.on("GET", "/tune/runs", call -> list(call, jobs));
        routes.on("GET", "/tune/runs/{run}", call -> whole(call, jobs));
        routes.on("DELETE", "/tune/runs/{run}", call -> remove(call, jobs));
    }

    private static HttpProblem failed(IOException e) {
        return new HttpProblem(Kind.FAILED, String.valueOf(e.getMessage()));
    }

    private void plan(Call call) {
        Fields request = call.fields();
        try {
            call.json(json(kind.plan(request)));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void recipe(Call call, Jobs jobs) {
        Fields request = call.fields();
        CookRecipe recipe = RecipeField.of(request);
        ObjectNode fields = recipes.fields(request, recipe);
        call.json(fields.put("name", runs.free(recipe.name(), latest(jobs).keySet())));
    }

    private static ObjectNode json(TunePlan plan) {
        ObjectNode node = Json.object();
        node.put("texts", plan.texts()).put("validationTexts", plan.validationTexts());
        node.put("truncated", plan.truncated()).put("dropped", plan.dropped());
        node.put("tokens", plan.tokens()).put("learnt", plan.learnt());
        node.put("parameters", plan.parameters()).put("weights", plan.weights());
        node.put("steps", plan.steps()).put("memory", plan.memory());
        plan.available().ifPresent(free -> node.put("available", free));
        return node.put("seconds", plan.seconds()).put("form", plan.form());
    }

    /** The latest job of each run. */
    private Map<String, JobRecord> latest(Jobs jobs) {
        Map<String, JobRecord> latest = new LinkedHashMap<>();
        for (JobRecord job : jobs.all()) {
            if (job.kind().equals(kind.name())) {
                latest.putIfAbsent(job.request().path("name").asString(""), job);
            }
        }
        return latest;
    }

    private void list(Call call, Jobs jobs) {
        Map<String, JobRecord> latest = latest(jobs);
        ArrayNode list = Json.array();
        try {
            List<String> names = runs.names();
            latest.forEach((name, job) -> {
                if (!job.state().isOver() && !names.contains(name)) {
                    list.add(withJob(waiting(job), latest, false));
                }
            });
            for (String name : names) {
                list.add(withJob(runs.json(name, false), latest, false));
            }
        } catch (IOException e) {
            throw failed(e);
        }
        call.json(Json.object().set("runs", list));
    }

    private static ObjectNode withJob(
            ObjectNode run, Map<String, JobRecord> latest, boolean whole) {
        JobRecord job = latest.get(run.path("name").asString(""));
        if (job != null) {
            ObjectNode node = (whole ? job.json() : job.summary()).put("goesOn", true);
            node.remove("request");
            run.set("job", node);
        }
        return run;
    }

    /** A run of which there is nothing on the disk yet. */
    private static ObjectNode waiting(JobRecord job) {
        ObjectNode node = Json.object();
        node.set("name", job.request().path("name"));
        node.set("request", job.request());
        return node.put("step", 0);
    }

    private void whole(Call call, Jobs jobs) {
        String name = call.part("run");
        Map<String, JobRecord> latest = latest(jobs);
        JobRecord job = latest.get(name);
        try {
            if (runs.has(name)) {
                call.json(withJob(runs.json(name, true), latest, true));
            } else if (job != null) {
                call.json(withJob(waiting(job), latest, true));
            } else {
                throw Call.missing("run");
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void remove(Call call, Jobs jobs) {
        String name = call.part("run");
        if (!runs.has(name)) {
            throw Call.missing("run");
        }
        JobRecord job = latest(jobs).get(name);
        if (job != null && !job.state().isOver()) {
            throw new HttpProblem(
                    Kind.INVALID_REQUEST, "the run is not over; cure: stop it, then delete it");
        }
        try {
            runs.remove(name);
        } catch (IOException e) {
            throw failed(e);
        }
        if (job != null) {
            jobs.remove(job.id());
        }
        call.done();
    }
}
