package dev.snoozy.cook;

import dev.snoozy.eval.ModelDifference;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.StoredResult;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The report of a cook for machines. Every part names the file that its numbers are from, and
 * {@code files} has the digest of each. No paths outside the folder, no times: the same cook gives
 * the same bytes, however often it was broken off.
 */
final class ReportJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "snoozy-cook-report-1";
    private static final int MOST_POINTS = 1000;

    private final CookRecipe recipe;
    private final Path folder;
    private final String baseDigest;
    private final String options;
    private final Map<Stage, List<StageFolder.Made>> done;
    private final List<Judged> judged;

    /**
     * A model and where its figures are.
     *
     * @param file of the model
     * @param sha256 of that
     * @param results folder of them
     */
    record Judged(Variant variant, Path file, String sha256, Path results) {}

    ReportJson(
            CookRecipe recipe,
            Path folder,
            String baseDigest,
            String options,
            Map<Stage, List<StageFolder.Made>> done,
            List<Judged> judged) {
        this.recipe = recipe;
        this.folder = folder;
        this.baseDigest = baseDigest;
        this.options = options;
        this.done = done;
        this.judged = judged;
    }

    ObjectNode node() throws IOException {
        ObjectNode node = JSON.createObjectNode().put("format", FORMAT).put("name", recipe.name());
        node.putObject("base")
                .put("file", String.valueOf(recipe.base().file().getFileName()))
                .put("bytes", Files.size(recipe.base().file()))
                .put("sha256", baseDigest);
        node.set("inputs", read("curate/manifest.json").path("inputs"));
        node.set("curation", curation());
        node.set("training", training());
        ObjectNode merge = node.putObject("merge").put("file", "merge/" + MergeStage.PARITY);
        merge.setAll(read("merge/" + MergeStage.PARITY));
        node.set("models", models());
        node.set("differences", differences());
        node.set("files", files());
        return node;
    }

    private ObjectNode curation() throws IOException {
        String file = "curate/" + CurateStage.REPORT;
        ObjectNode report = read(file);
        for (JsonNode rule : report.path("rules")) {
            ((ObjectNode) rule).remove("examples"); // they stand in the curation's own page
        }
        ObjectNode node = JSON.createObjectNode().put("file", file);
        node.setAll(report);
        return node;
    }

    private ObjectNode training() throws IOException {
        ObjectNode node = JSON.createObjectNode().put("file", "tune/" + TuneStage.RESULT);
        node.put("options", options);
        node.setAll(read("tune/" + TuneStage.RESULT));
        node.put("curve_file", "tune/" + TuneStage.CURVE);
        List<String> lines = Files.readAllLines(folder.resolve("tune").resolve(TuneStage.CURVE));
        int every = 1 + lines.size() / MOST_POINTS;
        ArrayNode curve = node.putArray("curve");
        for (int i = 0; i < lines.size(); i++) {
            boolean measured = lines.get(i).contains("validation_loss");
            if (measured || i % every == 0 || i == lines.size() - 1) {
                curve.add(JSON.readTree(lines.get(i)));
            }
        }
        return node;
    }

    private ArrayNode models() throws IOException {
        ArrayNode models = JSON.createArrayNode();
        for (Judged model : judged) {
            ObjectNode node =
                    models.addObject()
                            .put("model", model.variant.name())
                            .put("tuned", model.variant.tuned())
                            .put("type", model.variant.type())
                            .put("model_file", place(model.file))
                            .put("bytes", Files.size(model.file))
                            .put("file", place(model.results.resolve(EvaluateStage.RESULT)));
            node.setAll(read(place(model.results.resolve(EvaluateStage.RESULT))));
        }
        return models;
    }

    /** Below the folder, or the name of a file that lies elsewhere. */
    private String place(Path file) {
        return file.startsWith(folder)
                ? folder.relativize(file).toString().replace('\\', '/')
                : String.valueOf(file.getFileName());
    }

    /** Of each type the tuned model against the base, and of both each type against none. */
    private ArrayNode differences() throws IOException {
        Map<String, ModelResult> results = new HashMap<>();
        for (Judged model : judged) {
            results.put(model.variant.name(), StoredResult.read(model.results).orElseThrow());
        }
        ArrayNode node = JSON.createArrayNode();
        for (Judged model : judged) {
            Variant variant = model.variant;
            if (variant.tuned()) {
                add(node, results, new Variant(false, variant.mixture()), variant);
            }
        }
        for (Judged model : judged) {
            Variant variant = model.variant;
            if (variant.mixture() != null) {
                add(node, results, new Variant(variant.tuned(), null), variant);
            }
        }
        return node;
    }

    private static void add(
            ArrayNode node, Map<String, ModelResult> results, Variant first, Variant second) {
        ModelResult one = Objects.requireNonNull(results.get(first.name()));
        ModelResult other = Objects.requireNonNull(results.get(second.name()));
        for (ModelDifference difference : ModelDifference.of(one, other)) {
            node.add(JSON.<ObjectNode>valueToTree(difference));
        }
    }

    private ArrayNode files() {
        ArrayNode files = JSON.createArrayNode();
        done.forEach((stage, made) ->
                made.forEach(file ->
                        files.addObject()
                                .put("file", stage.name() + "/" + file.name())
                                .put("bytes", file.bytes())
                                .put("sha256", file.sha256())));
        return files;
    }

    /** How fast each model was, by name. */
    ObjectNode speeds() throws IOException {
        ObjectNode node = JSON.createObjectNode();
        for (Judged model : judged) {
            Path file = model.results.resolve(EvaluateStage.SPEED);
            if (Files.isRegularFile(file)) {
                node.set(model.variant.name(), read(place(file)));
            }
        }
        return node;
    }

    private ObjectNode read(String file) throws IOException {
        return (ObjectNode) JSON.readTree(Files.readString(folder.resolve(file)));
    }
}
