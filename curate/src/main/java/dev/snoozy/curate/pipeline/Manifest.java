package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.dedup.DuplicateRule;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.format.Sha256;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What went in and by which rules; no times and no paths, so that equal runs are equal. */
record Manifest(ObjectNode content) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Changes when the same recipe begins to mean something else. */
    private static final String FORMAT = "snoozy-curation-1";

    static Manifest of(Recipe recipe, List<SourceFile> inputs) throws IOException {
        ObjectNode all = JSON.createObjectNode().put("format", FORMAT);
        ArrayNode files = all.putArray("inputs");
        for (SourceFile input : inputs) {
            ObjectNode file = files.addObject();
            file.put("name", input.name()).put("source", input.source());
            if (!input.licence().isEmpty()) {
                file.put("licence", input.licence());
            }
            file.put("weight", input.weight());
            file.put("bytes", input.bytes()).put("sha256", input.sha256());
        }
        ObjectNode filters = all.putObject("filters");
        recipe.filters()
                .forEach((kind, t) -> filters.set(kind.title(), JSON.valueToTree(t.values())));
        duplicates(recipe.duplicates(), all.putObject("duplicates"));
        ArrayNode tests = all.putArray("decontaminate");
        for (Path path : recipe.decontaminate()) {
            for (Path file : SourceFile.files(path)) {
                file(file, tests.addObject());
            }
        }
        optional(recipe.marks(), "marks", all);
        all.putObject("split").put("validation", recipe.validation());
        ObjectNode map = all.putObject("map").put("rows", recipe.map().rows());
        optional(recipe.map().loss(), "loss", map);
        return new Manifest(all);
    }

    private static void duplicates(Recipe.Deduplication wanted, ObjectNode node)
            throws IOException {
        node.put("exact", wanted.exact() || wanted.near().isPresent());
        if (wanted.near().isPresent()) {
            DuplicateRule rule = wanted.near().get();
            node.putObject("near")
                    .put("prompt", rule.prompt())
                    .put("response", rule.response())
                    .put("both", rule.both());
        }
        if (wanted.semantic().isPresent()) {
            Recipe.Semantic semantic = wanted.semantic().get();
            ObjectNode more = node.putObject("semantic").put("cutoff", semantic.cutoff());
            optional(semantic.model(), "model", more);
            optional(semantic.terms(), "terms", more);
        }
    }

    private static void optional(Optional<Path> file, String name, ObjectNode node)
            throws IOException {
        if (file.isPresent()) {
            file(file.get(), node.putObject(name));
        }
    }

    private static void file(Path file, ObjectNode node) throws IOException {
        node.put("name", String.valueOf(file.getFileName()));
        node.put("sha256", Sha256.of(file));
    }

    /** The same for runs that give the same bytes. */
    String key() {
        return Sha256.of(content.toString());
    }

    /** With what came out. */
    JsonNode finished(CurationReport report, Path out) throws IOException {
        ObjectNode all = content.deepCopy();
        ObjectNode counts = all.putObject("counts");
        counts.put("read", report.read()).put("malformed", report.malformed());
        counts.put("kept", report.kept()).put("removed", report.removed());
        counts.put("changed", report.changed());
        ObjectNode rules = all.putObject("removed-by");
        for (CurationReport.RuleCount rule : report.rules()) {
            rules.put(rule.rule(), rule.removed());
        }
        ArrayNode outputs = all.putArray("outputs");
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.sorted().toList()) {
                ObjectNode output = outputs.addObject();
                file(file, output);
                output.put("bytes", Files.size(file));
            }
        }
        return all;
    }
}
