package dev.snoozy.studio.data;

import dev.snoozy.curate.filter.FilterKind;
import dev.snoozy.curate.map.Marks;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.curate.recipe.RecipeFile;
import dev.snoozy.curate.recipe.RecipeText;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.server.jobs.Jobs;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the page asks about training data: curations with their recipes, what became of rows, the
 * map. A run is a job. Thread-safe.
 */
public final class DataApi {
    /** The kind of jobs that do a recipe. */
    private static final String JOB = "curate";

    private static final String MAP = "map.html";
    private static final String REPORT = "report.json";
    private static final int MOST_FILES = 64;
    private static final int MOST_ROWS = 100;
    private static final int USUAL_ROWS = 20;
    private static final Pattern LINE = Pattern.compile("line (\\d+)");
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final Curations curations;
    private final Jobs jobs;

    public DataApi(Curations curations, Jobs jobs) {
        this.curations = curations;
        this.jobs = jobs;
    }

    @FunctionalInterface
    private interface Work {
        void on(Call call) throws IOException;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        on(routes, "GET", "/data", this::list);
        on(routes, "POST", "/data", this::add);
        on(routes, "GET", "/data/{data}", call -> call.json(whole(name(call))));
        on(routes, "PATCH", "/data/{data}", this::save);
        on(routes, "DELETE", "/data/{data}", this::remove);
        on(routes, "POST", "/data/{data}/check", this::check);
        on(routes, "POST", "/data/{data}/run", this::run);
        on(routes, "POST", "/data/{data}/marks", this::mark);
        on(routes, "GET", "/data/{data}/removed", this::removed);
        on(routes, "GET", "/data/{data}/groups", this::groups);
        on(routes, "GET", "/data/{data}/map", this::map);
    }

    private static void on(ApiRoutes routes, String method, String template, Work work) {
        routes.on(
                method,
                template,
                call -> {
                    try {
                        work.on(call);
                    } catch (IOException e) {
                        throw new HttpProblem(
                                Kind.FAILED, "the files of the curation: " + e.getMessage());
                    }
                });
    }

    private String name(Call call) {
        String name = call.part("data");
        curations.find(name);
        return name;
    }

    private void list(Call call) throws IOException {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("curations");
        for (String name : curations.names()) {
            ObjectNode one = list.addObject().put("name", name);
            JsonNode report = report(curations.find(name));
            for (String count : List.of("read", "kept", "removed", "train", "validation")) {
                if (report.has(count)) {
                    one.set(count, report.get(count));
                }
            }
        }
        ArrayNode filters = node.putArray("filters");
        for (FilterKind kind : FilterKind.values()) {
            ObjectNode filter = filters.addObject().put("name", kind.title());
            filter.set("settings", JSON.valueToTree(kind.defaults().values()));
        }
        call.json(node);
    }

    private static JsonNode report(Path place) throws IOException {
        Path file = place.resolve(REPORT);
        return Files.exists(file)
                ? JSON.readTree(Files.readString(file))
                : Json.object().path("none");
    }

    /** All of a curation. */
    private ObjectNode whole(String name) throws IOException {
        Path place = curations.find(name);
        ObjectNode node = Json.object().put("name", name).put("folder", place.toString());
        told(node, Files.readString(place.resolve(Curations.RECIPE)), place);
        node.set("report", Files.exists(place.resolve(REPORT)) ? report(place) : null);
        node.put("map", Files.exists(place.resolve(MAP)));
        return node;
    }

    /** A recipe as text and as values; or as text and what is wrong with it. */
    private static boolean told(ObjectNode node, String yaml, Path place) {
        node.put("yaml", yaml);
        try {
            Recipe recipe = RecipeFile.parse(yaml, place.resolve(Curations.RECIPE));
            node.set("recipe", JSON.valueToTree(RecipeText.values(recipe, place)));
            return true;
        } catch (RecipeException e) {
            String message = String.valueOf(e.getMessage());
            node.putNull("recipe").put("error", message);
            Matcher line = LINE.matcher(message);
            node.put("line", line.find() ? Integer.parseInt(line.group(1)) : 0);
            return false;
        }
    }

    /** Makes a curation over files with the usual rules, or of a recipe that lies elsewhere. */
    private void add(Call call) throws IOException {
        Fields fields = call.fields();
        String name = fields.requiredString("name").strip();
        Recipe recipe;
        if (fields.has("recipe")) {
            try {
                recipe = RecipeFile.read(path(fields, "recipe", fields.requiredString("recipe")));
            } catch (RecipeException e) {
                throw fields.invalid("recipe", String.valueOf(e.getMessage()));
            }
        } else {
            List<Path> files = new ArrayList<>();
            for (String file : fields.strings("files", MOST_FILES)) {
                files.add(path(fields, "files", file));
            }
            if (files.isEmpty()) {
                throw fields.missing("files");
            }
            recipe = Recipe.of(files);
        }
        Path place = curations.make(name);
        Curations.write(place.resolve(Curations.RECIPE), RecipeText.yaml(recipe, place));
        call.created(whole(name));
    }

    private static Path path(Fields fields, String field, String text) {
        try {
            Path path = Path.of(text.strip());
            if (path.isAbsolute() && Files.exists(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw fields.invalid(
                field, "expected the whole path of a file or folder that is there, found " + text);
    }

    /** The text of a recipe: as it is, or of its values as they were clicked together. */
    private static String yaml(Fields fields) {
        if (fields.has("yaml")) {
            return fields.requiredString("yaml");
        }
        Fields recipe = fields.fields("recipe").orElseThrow(() -> fields.missing("recipe"));
        @SuppressWarnings("unchecked")
        Map<String, Object> values = JSON.convertValue(recipe.node(), Map.class);
        return RecipeText.yaml(values);
    }

    /** Says what a recipe means, or what is wrong with it and in which line. Nothing is stored. */
    private void check(Call call) {
        Path place = curations.find(name(call));
        ObjectNode node = Json.object();
        told(node, yaml(call.fields()), place);
        call.json(node);
    }

    private void save(Call call) throws IOException {
        String name = name(call);
        Path place = curations.find(name);
        Fields fields = call.fields();
        ObjectNode node = Json.object();
        if (!told(node, yaml(fields), place)) {
            throw fields.invalid("yaml", node.path("error").asString());
        }
        Curations.write(place.resolve(Curations.RECIPE), node.path("yaml").asString());
        call.json(whole(name));
    }

    private void remove(Call call) throws IOException {
        String name = name(call);
        for (JobRecord job : jobs.all()) {
            boolean same = job.request().path("curation").asString("").equals(name);
            if (same && job.kind().equals(JOB) && !job.state().isOver()) {
                throw new HttpProblem(
                        Kind.INVALID_REQUEST,
                        "the curation " + name + " is running; cure: cancel that first");
            }
        }
        curations.remove(name);
        call.done();
    }

    /** Begins the job; one that waits already will do. */
    private void run(Call call) throws IOException {
        String name = name(call);
        ObjectNode node = whole(name);
        for (JobRecord job : jobs.all()) {
            boolean same = job.request().path("curation").asString("").equals(name);
            if (same && job.kind().equals(JOB) && !job.state().isOver()) {
                call.json(node.put("job", job.id()));
                return;
            }
        }
        ObjectNode request = Json.object().put("curation", name);
        call.json(node.put("job", jobs.submit(JOB, request).id()));
    }

    /** Takes the marks that the map has exported, and puts them into the recipe. */
    private void mark(Call call) throws IOException {
        String name = name(call);
        Path place = curations.find(name);
        Fields fields = call.fields();
        String text = fields.requiredString("marks");
        int count;
        try {
            count = Marks.read(text.getBytes(StandardCharsets.UTF_8)).size();
        } catch (IOException e) {
            throw fields.invalid("marks", String.valueOf(e.getMessage()));
        }
        Map<String, Object> values = RecipeText.values(Curations.recipe(place), place);
        Curations.write(place.resolve(Curations.MARKS), text);
        values.put("marks", Curations.MARKS);
        Curations.write(place.resolve(Curations.RECIPE), RecipeText.yaml(values));
        call.json(whole(name).put("marked", count));
    }

    private void removed(Call call) throws IOException {
        int from = call.query("from", 0, Integer.MAX_VALUE, 0);
        int limit = call.query("limit", 1, MOST_ROWS, USUAL_ROWS);
        call.json(
                new RowFiles(curations.find(name(call))).removed(call.query("rule"), from, limit));
    }

    private void groups(Call call) throws IOException {
        int from = call.query("from", 0, Integer.MAX_VALUE, 0);
        int limit = call.query("limit", 1, MOST_ROWS, USUAL_ROWS);
        call.json(new RowFiles(curations.find(name(call))).groups(from, limit));
    }

    /**
     * The map, a page of its own in a world of its own: it runs its script and may ask nothing, see
     * nothing of the studio, and stand in no other page.
     */
    private void map(Call call) throws IOException {
        call.refuseOtherSites();
        Path file = curations.find(name(call)).resolve(MAP);
        if (!Files.exists(file)) {
            throw Call.missing("map");
        }
        call.sandboxed(Files.readAllBytes(file));
    }
}
