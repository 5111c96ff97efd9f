package dev.snoozy.studio.evaluate;

import dev.snoozy.eval.Profile;
import dev.snoozy.eval.PublishedScores;
import dev.snoozy.eval.Task;
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
import dev.snoozy.studio.store.FileDigests;
import dev.snoozy.studio.write.Digests;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** Evaluation on the page: its results, and the kind of job that makes them. */
public final class EvaluateApi {
    private final ModelFiles models;
    private final FileDigests known;
    private final EvalSets sets = new EvalSets();
    private final EvalRuns runs;
    private final EvaluateKind kind;

    /**
     * Evaluation.
     *
     * @param models that there are
     * @param digests of their files
     * @param known digests that need no reading
     * @param folder of the results
     * @param threads that compute, as they are chosen when a job begins
     */
    public EvaluateApi(
            ModelFiles models,
            Digests digests,
            FileDigests known,
            Path folder,
            IntSupplier threads) {
        this.models = models;
        this.known = known;
        runs = new EvalRuns(folder);
        kind = new EvaluateKind(models, digests, sets, folder, threads);
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
        EvalItems items = new EvalItems(runs, sets);
        routes.on("GET", "/evaluate/runs", call -> io(() -> call.json(list(jobs))));
        routes.on("GET", "/evaluate/runs/{run}/items", call -> io(() -> items.answer(call)));
        routes.on("DELETE", "/evaluate/runs/{run}", call -> io(() -> remove(call, jobs)));
        routes.on("GET", "/evaluate/compare", call -> io(() -> compare(call)));
        routes.on("GET", "/evaluate/published", call -> call.json(published()));
        routes.on("POST", "/evaluate/sets", call -> io(() -> tellSets(call)));
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

    private List<JobRecord> mine(Jobs jobs) {
        return jobs.all().stream().filter(job -> job.kind().equals(kind.name())).toList();
    }

    private ObjectNode list(Jobs jobs) throws IOException {
        List<JobRecord> mine = mine(jobs);
        Set<String> folders = new HashSet<>();
        for (JobRecord job : mine) {
            String data = job.request().path("data").asString("").strip();
            if (folders.add(data)) {
                learn(data);
            }
        }
        Map<String, ArrayNode> names = names();
        Set<String> shown = new HashSet<>();
        ArrayNode list = Json.array();
        for (String name : runs.names()) {
            ObjectNode run = runs.figures(name);
            run.set("models", names.getOrDefault(run.path("sha256").asString(""), Json.array()));
            Optional<JobRecord> job = mine.stream().filter(j -> isOf(j, run)).findFirst();
            job.ifPresent(j -> {
                shown.add(j.id());
                run.set("job", json(j));
            });
            measure(run, job.map(j -> j.request().path("limit").asInt(0)).orElse(0));
            list.add(run);
        }
        for (JobRecord job : mine) {
            if (!job.state().isOver() && !shown.contains(job.id())) {
                list.add(waiting(job));
            }
        }
        return Json.object().set("runs", list);
    }

    private void learn(String folder) {
        try {
            sets.learn(Path.of(folder));
        } catch (InvalidPathException e) {
            // a job of another machine's data
        }
    }

    /** The models of the library whose digests are known, by those. */
    private Map<String, ArrayNode> names() {
        Map<String, ArrayNode> names = new HashMap<>();
        for (ModelFiles.Entry model : models.all()) {
            known.find(model.file(), model.bytes(), model.modified())
                    .ifPresent(digest ->
                            names.computeIfAbsent(
                                            digest.replaceFirst("^sha256:", ""),
                                            key -> Json.array())
                                    .addObject()
                                    .put("name", model.name())
                                    .put("bytes", model.bytes()));
        }
        return names;
    }

    private static boolean isOf(JobRecord job, ObjectNode run) {
        String profile = job.request().path("profile").asString(Profile.HARNESS_CURRENT.id());
        String model = job.request().path("model").asString("");
        boolean ofModel = run.path("model").asString("").equals(model);
        for (JsonNode entry : run.path("models")) {
            ofModel |= entry.path("name").asString("").equals(model);
        }
        return ofModel && run.path("profile").asString("").equals(profile);
    }

    /** Says how many items each task will have, where its set is known. */
    private void measure(ObjectNode run, int limit) {
        boolean whole = true;
        for (JsonNode task : run.path("tasks")) {
            int items = task.path("items").asInt();
            Task which = Task.of(task.path("task").asString(""));
            Optional<Integer> size = sets.size(which, task.path("set").asString(""));
            if (size.isPresent()) {
                int of = limit > 0 ? Math.min(limit, size.get()) : size.get();
                ((ObjectNode) task).put("of", Math.max(items, of));
                whole &= items >= of;
            }
        }
        run.put("whole", whole && run.path("tasks").size() == Task.values().length);
    }

    private static ObjectNode waiting(JobRecord job) {
        ObjectNode run = Json.object();
        run.set("model", job.request().path("model"));
        run.put("profile", job.request().path("profile").asString(Profile.HARNESS_CURRENT.id()));
        run.putArray("tasks");
        run.putArray("models");
        return run.set("job", json(job));
    }

    private static ObjectNode json(JobRecord job) {
        return job.summary().put("goesOn", true);
    }

    private void compare(Call call) throws IOException {
        call.json(runs.compare(call.query("first"), call.query("second")));
    }

    private void remove(Call call, Jobs jobs) throws IOException {
        String name = call.part("run");
        if (!runs.has(name)) {
            throw Call.missing("result");
        }
        ObjectNode run = runs.figures(name);
        List<JobRecord> ofRun = new ArrayList<>();
        for (JobRecord job : mine(jobs)) {
            if (isOf(job, run)) {
                ofRun.add(job);
            }
        }
        if (ofRun.stream().anyMatch(job -> !job.state().isOver())) {
            throw new HttpProblem(
                    Kind.INVALID_REQUEST,
                    "the evaluation is not over; cure: stop it, then delete its results");
        }
        runs.remove(name);
        ofRun.forEach(job -> jobs.remove(job.id()));
        call.done();
    }

    private static ObjectNode published() {
        ObjectNode node = Json.object().put("profile", Profile.GPT4ALL_2023.id());
        ArrayNode rows = node.putArray("rows");
        for (PublishedScores row : PublishedScores.ROWS) {
            ObjectNode entry = rows.addObject().put("model", row.model());
            ArrayNode scores = entry.putArray("scores");
            row.scores().forEach(scores::add);
            entry.put("average", row.average());
        }
        return node;
    }

    private void tellSets(Call call) throws IOException {
        Fields request = call.fields();
        ArrayNode list = Json.array();
        sets.sizes(request)
                .forEach(
                        (task, size) -> list.addObject().put("task", task.id()).put("items", size));
        call.json(Json.object().set("sets", list));
    }
}
