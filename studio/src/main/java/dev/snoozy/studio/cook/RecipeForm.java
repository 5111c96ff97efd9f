package dev.snoozy.studio.cook;

import dev.snoozy.cook.CookFile;
import dev.snoozy.cook.CookRecipe;
import dev.snoozy.curate.recipe.RecipeException;
import dev.snoozy.format.AtomicFile;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recipe that a person has set up on the page, as a file. Texts are written as JSON has them,
 * which YAML 1.2 reads; what is written is read back before it is taken.
 */
final class RecipeForm {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final Pattern LINE = Pattern.compile(", line (\\d+): ");
    private static final int MOST = 1000;

    /** What the training may be given, by the names of recipes. */
    private static final List<String> TUNE =
            List.of(
                    "preset",
                    "rank",
                    "alpha",
                    "dropout",
                    "learning_rate",
                    "schedule",
                    "warmup",
                    "batch",
                    "epochs",
                    "steps",
                    "length",
                    "validation",
                    "evaluate_every",
                    "save_every",
                    "seed");

    private final Fields request;
    private final ModelFiles models;
    private final StringBuilder text = new StringBuilder();

    /** The field that each line is from. */
    private final List<String> origins = new ArrayList<>();

    RecipeForm(Fields request, ModelFiles models) {
        this.request = request;
        this.models = models;
    }

    /**
     * Writes the recipe.
     *
     * @param folder for recipes, which is made if it is not there
     * @return the file
     * @throws HttpProblem if a field is not as it should be, or there is such a recipe already and
     *     it is not to be replaced
     */
    Path write(Path folder) throws IOException {
        String name = request.requiredString("name");
        if (!name.matches(NAME)) {
            throw request.invalid("name", "expected letters, digits, dots, _ and -, found " + name);
        }
        Path file = folder.resolve(name + ".yaml");
        if (Files.exists(file) && !request.bool("replace", false)) {
            throw request.invalid(
                    "name", "expected a name that is free, found a recipe called " + name);
        }
        lines(name);
        Files.createDirectories(folder);
        Path beside = Files.createTempDirectory(folder, ".new");
        try {
            Path fresh = Files.writeString(beside.resolve(name + ".yaml"), text);
            check(fresh);
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(fresh));
            AtomicFile.write(
                    file,
                    channel -> {
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                    });
        } finally {
            Files.deleteIfExists(beside.resolve(name + ".yaml"));
            Files.delete(beside);
        }
        return file;
    }

    /** All paths are whole, so that it does not matter where the file lies. */
    private void check(Path file) throws IOException {
        CookRecipe recipe;
        try {
            recipe = CookFile.read(file);
        } catch (RecipeException e) {
            String message = String.valueOf(e.getMessage());
            Matcher line = LINE.matcher(message);
            int number = line.find() ? Integer.parseInt(line.group(1)) : 0;
            boolean known = number >= 1 && number <= origins.size();
            throw request.invalid(
                    known ? origins.get(number - 1) : "name",
                    known ? message.substring(line.end()) : message);
        }
        boolean same =
                recipe.base().file().equals(base())
                        && recipe.judging().prompts().equals(request.strings("prompts", MOST))
                        && recipe.curation().inputs().size()
                                == request.strings("data", MOST).size();
        if (!same) {
            throw request.invalid("name", "the recipe is read as something else than was given");
        }
    }

    private void lines(String name) {
        line("name", "format: " + CookFile.FORMAT);
        line("name", "name: " + quoted(name));
        line("base", "base:");
        line("base", "  path: " + quoted(base().toString()));
        line("data", "curate:");
        line("data", "  inputs:");
        List<String> inputs = request.strings("data", MOST);
        if (inputs.isEmpty()) {
            throw request.missing("data");
        }
        inputs.forEach(path -> line("data", "    - " + quoted(whole("data", path))));
        String sets = whole("sets", request.requiredString("sets"));
        if (request.bool("decontaminate", true)) {
            line("sets", "  decontaminate: [" + quoted(sets) + "]");
        }
        line("preset", "tune:");
        line("preset", "  preset: " + quoted(request.string("preset").orElse("snoozy")));
        for (String field : TUNE.subList(1, TUNE.size())) {
            request.any(field)
                    .ifPresent(value -> line(field, "  " + field + ": " + scalar(field, value)));
        }
        line("sets", "evaluate:");
        line("sets", "  data: " + quoted(sets));
        list("tasks", "  tasks");
        request.string("profile")
                .ifPresent(profile -> line("profile", "  profile: " + quoted(profile)));
        request.any("limit")
                .ifPresent(value -> line("limit", "  limit: " + scalar("limit", value)));
        request.string("perplexity")
                .ifPresent(path ->
                        line("perplexity", "  perplexity: " + quoted(whole("perplexity", path))));
        list("prompts", "  prompts");
        list("quantize", "quantize");
    }

    private void list(String field, String name) {
        List<String> values = request.strings(field, MOST);
        if (!values.isEmpty()) {
            line(
                    field,
                    name
                            + ": ["
                            + String.join(", ", values.stream().map(RecipeForm::quoted).toList())
                            + "]");
        }
    }

    private void line(String field, String line) {
        text.append(line).append('\n');
        origins.add(field);
    }

    /** A model of this machine by its name, or the whole path of one. */
    private Path base() {
        String name = request.requiredString("base");
        return models.find(name)
                .map(entry -> entry.file().toAbsolutePath().normalize())
                .orElseGet(() -> Path.of(whole("base", name)).normalize());
    }

    private String whole(String field, String name) {
        try {
            if (Path.of(name.strip()).isAbsolute()) {
                return name.strip();
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw request.invalid(field, "expected a whole path, found " + name);
    }

    private String scalar(String field, JsonNode value) {
        if (value.isNumber() || value.isString()) {
            return Json.text(value);
        }
        throw request.invalid(field, "expected a value, found " + Json.kind(value));
    }

    private static String quoted(String value) {
        return Json.text(Json.object().textNode(value));
    }
}
