package dev.snoozy.studio.lab;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.PromptSets;
import dev.snoozy.studio.store.Runs;
import dev.snoozy.studio.store.Votes;
import dev.snoozy.studio.write.AdapterFiles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What the page asks of the laboratory. */
public final class LabApi {
    private static final int MOST_RUNS = 1000;
    private static final int MOST_PROMPTS = 10_000;
    private static final long LARGEST_SEED = (1L << 53) - 1;
    private static final Set<String> WINNERS = Set.of("left", "right", "tie");

    private final Laboratory laboratory;
    private final Runs runs;
    private final Votes votes;
    private final PromptSets sets;
    private final ModelFiles models;
    private final AdapterFiles adapters;

    public LabApi(
            Laboratory laboratory,
            Runs runs,
            Votes votes,
            PromptSets sets,
            ModelFiles models,
            AdapterFiles adapters) {
        this.laboratory = laboratory;
        this.runs = runs;
        this.votes = votes;
        this.sets = sets;
        this.models = models;
        this.adapters = adapters;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("POST", "/lab/runs", this::begin);
        routes.on("GET", "/lab/runs", this::list);
        routes.on("GET", "/lab/runs/{run}", call -> call.json(json(run(call))));
        routes.on("DELETE", "/lab/runs/{run}", this::remove);
        routes.on("GET", "/lab/runs/{run}/events", this::events);
        routes.on("POST", "/lab/runs/{run}/stop", this::stop);
        routes.on("POST", "/lab/runs/{run}/repeat", this::repeat);
        routes.on("GET", "/lab/runs/{run}/export", this::export);
        routes.on("POST", "/lab/votes", this::vote);
        routes.on("GET", "/lab/ratings", this::ratings);
        routes.on("GET", "/lab/diff", this::diff);
        routes.on("GET", "/lab/adapters", this::listAdapters);
        routes.on("GET", "/lab/prompts", this::listPrompts);
        routes.on("POST", "/lab/prompts", this::addPrompts);
        routes.on(
                "DELETE",
                "/lab/prompts/{set}",
                call -> call.done(sets.remove(call.part("set")), "prompt set"));
    }

    private Runs.Run run(Call call) {
        return runs.find(call.part("run")).orElseThrow(() -> Call.missing("run"));
    }

    private ObjectNode json(Runs.Run run) {
        ObjectNode node = run.json();
        ArrayNode cells = node.putArray("cells");
        runs.cells(run.id()).forEach(cell -> cells.add(cell.json()));
        return node;
    }

    private void begin(Call call) {
        Fields fields = call.fields();
        ObjectNode request = RunRequest.read(fields, runs, adapters);
        long seed =
                fields.whole("seed", 0, LARGEST_SEED)
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong(1L << 31));
        Runs.Run run = laboratory.begin(fields.requiredString("kind"), request, seed, null);
        call.created(Json.object().put("id", run.id()));
    }

    private void repeat(Call call) {
        Runs.Run old = run(call);
        Runs.Run run = laboratory.begin(old.kind(), old.request(), old.seed(), old);
        call.created(Json.object().put("id", run.id()));
    }

    private void list(Call call) {
        ArrayNode list = Json.array();
        for (Runs.Run run : runs.list(call.query("kind"), call.query("limit", 1, MOST_RUNS, 200))) {
            ObjectNode node = run.json();
            node.put("prompts", run.request().path("prompts").size());
            node.put("prompt", run.request().path("prompts").path(0).asString(""));
            node.remove("begun");
            list.add(node);
        }
        call.json(Json.object().set("runs", list));
    }

    private void remove(Call call) {
        laboratory.stop(call.part("run"));
        call.done(runs.remove(call.part("run")), "run");
    }

    private void stop(Call call) {
        run(call);
        laboratory.stop(call.part("run"));
        call.done();
    }

    private void events(Call call) {
        Optional<LiveRun> going = laboratory.find(call.part("run"));
        ObjectNode state = json(run(call));
        Set<String> whole = new HashSet<>();
        for (JsonNode cell : state.path("cells")) {
            if (!cell.path("state").asString("").equals("queued")) {
                whole.add(cell.path("id").asString(""));
            }
        }
        EventStream events = call.events();
        events.event("state", state);
        try {
            if (going.isPresent()) {
                follow(going.get(), whole, events);
            }
            runs.find(call.part("run")).ifPresent(run -> events.event("done", run.json()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the page has gone
        }
        events.end();
    }

    /** Tells all that has happened to the cells that were not whole in the store. */
    private static void follow(LiveRun going, Set<String> whole, EventStream events)
            throws InterruptedException {
        LiveRun.News news = going.after(0);
        while (true) {
            for (LiveRun.Event event : news.events()) {
                JsonNode data = event.data();
                String cell = data.path(data.has("cell") ? "cell" : "id").asString("");
                if (!whole.contains(cell)) {
                    events.event(event.name(), data);
                }
            }
            if (news.isOver()) {
                return;
            }
            news = going.after(news.position());
        }
    }

    private void export(Call call) {
        Runs.Run run = run(call);
        List<Runs.Cell> cells = runs.cells(run.id());
        switch (call.query("format")) {
            case "csv" ->
                    call.file("run-" + run.id() + ".csv", "text/csv", RunExport.table(run, cells));
            case "jsonl" ->
                    call.file(
                            "run-" + run.id() + ".jsonl",
                            "application/x-ndjson",
                            RunExport.lines(run, cells));
            default -> throw HttpProblem.invalid("format", "expected csv or jsonl");
        }
    }

    private void vote(Call call) {
        Fields fields = call.fields();
        Runs.Run run =
                runs.find(fields.requiredString("run")).orElseThrow(() -> Call.missing("run"));
        String winner = fields.requiredString("winner");
        if (!WINNERS.contains(winner)) {
            throw fields.invalid("winner", "expected left, right or tie, found " + winner);
        }
        votes.add(
                run.id(),
                new Votes.Vote(name(run, fields, "left"), name(run, fields, "right"), winner));
        call.done();
    }

    /** What the column is called that a field names by its number. */
    private String name(Runs.Run run, Fields fields, String field) {
        int columns = run.request().path("columns").size();
        int column = fields.integer(field, 0, columns - 1).orElseThrow(() -> fields.missing(field));
        String model =
                runs.cells(run.id()).stream()
                        .filter(cell -> cell.column() == column)
                        .map(cell -> cell.result().path("model").asString(""))
                        .filter(name -> !name.isEmpty())
                        .findFirst()
                        .orElse("");
        return RunRequest.name(run.request().path("columns").path(column), model);
    }

    private void ratings(Call call) {
        ArrayNode list = Json.array();
        for (BradleyTerry.Rating rating : new BradleyTerry(1).ratings(votes.all())) {
            list.addObject()
                    .put("name", rating.name())
                    .put("rating", Math.round(rating.rating()))
                    .put("low", Math.round(rating.low()))
                    .put("high", Math.round(rating.high()))
                    .put("games", rating.games());
        }
        call.json(Json.object().set("models", list));
    }

    private void diff(Call call) {
        ArrayNode parts = Json.array();
        for (TextDiff.Part part : TextDiff.of(text(call, "a"), text(call, "b"))) {
            parts.addObject().put("kind", part.kind()).put("text", part.text());
        }
        call.json(Json.object().set("parts", parts));
    }

    private String text(Call call, String name) {
        return runs.cell(call.query(name))
                .map(cell -> cell.result().path("text").asString(""))
                .orElseThrow(() -> HttpProblem.invalid(name, "expected the id of a cell"));
    }

    /** The adapters, and of each why it cannot be used with a model, if that is so. */
    private void listAdapters(Call call) {
        ModelFiles.Entry model =
                models.find(call.query("model"))
                        .orElseThrow(
                                () -> HttpProblem.invalid("model", "expected the name of a model"));
        ArrayNode list = Json.array();
        for (AdapterFiles.Choice choice : adapters.choices(model)) {
            ObjectNode node = list.addObject().put("name", choice.entry().name());
            node.put("bytes", choice.entry().bytes()).put("rank", choice.rank());
            node.put("why", choice.why().isEmpty() ? null : choice.why());
        }
        call.json(Json.object().set("adapters", list));
    }

    private void listPrompts(Call call) {
        ArrayNode list = Json.array();
        sets.all().forEach(set -> list.add(json(set)));
        call.json(Json.object().set("sets", list));
    }

    private static ObjectNode json(PromptSets.PromptSet set) {
        ObjectNode node = Json.object().put("id", set.id()).put("name", set.name());
        ArrayNode prompts = node.putArray("prompts");
        set.prompts().forEach(prompts::add);
        return node;
    }

    private void addPrompts(Call call) {
        Fields fields = call.fields();
        List<String> prompts =
                fields.has("text")
                        ? PromptText.read(
                                fields.string("format").orElse("jsonl"),
                                fields.requiredString("text"))
                        : fields.strings("prompts", MOST_PROMPTS);
        if (prompts.isEmpty() || prompts.size() > MOST_PROMPTS) {
            throw fields.invalid(
                    "prompts",
                    "expected 1 to " + MOST_PROMPTS + " prompts, found " + prompts.size());
        }
        call.created(json(sets.add(fields.requiredString("name"), prompts)));
    }
}
