package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Models;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Networks against logits and embeddings of an outside engine. Takes goldens ({@code NAME.json}),
 * references of several models ({@code reference.json.gz}, {@code embeddings.json.gz}), models with
 * one of these beside them, and folders of all.
 */
final class LogitsConformance {
    private static final String APPLIED = "-applied";

    private final Report report;
    private final ActivationKind activations;
    private final LoadOptions options;
    private final Predicate<String> names;
    private final Predicate<String> architectures;

    LogitsConformance(
            Report report,
            @Nullable String name,
            @Nullable String architecture,
            ActivationKind activations,
            LoadOptions options) {
        this.report = report;
        this.activations = activations;
        this.options = options;
        names = CaseFiles.glob(name);
        architectures = CaseFiles.glob(architecture);
    }

    /** Checks the files, and everything below the folders. */
    void check(List<Path> places) throws IOException {
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                for (Path file : CaseFiles.below(place)) {
                    if (isFacts(file)) {
                        facts(file, any -> true);
                    }
                }
            } else if (isModel(place)) {
                model(place);
            } else if (Files.exists(place)) {
                if (!facts(place, any -> true)) {
                    throw new WrongUseException(
                            place + ": neither a golden nor a reference of logits or embeddings");
                }
            } else {
                throw new WrongUseException("no such file or folder: " + place);
            }
        }
    }

    private static boolean isModel(Path file) {
        return CaseFiles.name(file).matches(".*\\.gguf(\\.gz)?");
    }

    private static boolean isFacts(Path file) {
        return CaseFiles.name(file).matches(".*\\.json(\\.gz)?");
    }

    /** A model by name: the golden of its stem, or its entry in a reference beside it. */
    private void model(Path file) throws IOException {
        String stem = CaseFiles.stem(file, ".gguf");
        int before = report.passed() + report.failed();
        for (String golden : List.of(stem + APPLIED + ".json", stem + ".json")) {
            Path beside = file.resolveSibling(golden);
            if (Files.exists(beside)) {
                facts(beside, any -> true);
                return;
            }
        }
        for (String reference : List.of("reference.json.gz", "embeddings.json.gz")) {
            Path beside = file.resolveSibling(reference);
            if (Files.exists(beside)) {
                facts(beside, model -> model.equals(stem + ".gguf"));
            }
        }
        if (before == report.passed() + report.failed()) {
            throw new WrongUseException(file + ": no golden or reference beside it");
        }
    }

    /** Checks what a file of facts says; false if it says nothing of logits. */
    private boolean facts(Path file, Predicate<String> models) throws IOException {
        JsonNode json;
        try {
            json = CaseFiles.json(file);
        } catch (JacksonException e) {
            throw new WrongUseException(file + ": not JSON: " + e.getOriginalMessage());
        }
        if (json.has("tokens") && (json.has("embedding") || logits(json).has("logits_last"))) {
            golden(file, json);
            return true;
        }
        if (json.path("models").isObject()) {
            for (Map.Entry<String, JsonNode> entry : json.get("models").properties()) {
                if (models.test(entry.getKey())) {
                    reference(file, entry.getKey(), entry.getValue());
                }
            }
            return true;
        }
        return false;
    }

    private static JsonNode logits(JsonNode golden) {
        return golden.has("dequantized_f32") ? golden.get("dequantized_f32") : golden;
    }

    private void golden(Path file, JsonNode golden) {
        String name = CaseFiles.stem(file, ".json");
        if (!names.test(name)) {
            return;
        }
        Path applied = file.resolveSibling(name + APPLIED + ".json");
        if (Files.exists(applied)) {
            report.skip(name, CaseFiles.name(applied) + " is the golden");
            return;
        }
        String model = golden.path("model").asString("");
        List<String> candidates =
                model.isEmpty() ? List.of(name + ".gguf", name + ".gguf.gz") : List.of(model);
        run(name, file, candidates, path -> goldenCase(name, golden, path));
    }

    private void goldenCase(String name, JsonNode golden, Path model) throws IOException {
        boolean eightBit = !options.precision().exact();
        if (eightBit && isQuantized(golden, "MXFP4")) {
            report.skip(name, "8-bit activations flip experts; check it with --activations f32");
            return;
        }
        boolean byNoise =
                eightBit
                        && golden.has("rms_kernels_vs_dequantized")
                        && (isQuantized(golden, "") || has(golden, "BF16"));
        new GoldenCase(name, golden, model, options, byNoise, report).check();
    }

    /** Whether some tensor has a type of blocks whose name begins so. */
    private static boolean isQuantized(JsonNode golden, String prefix) {
        for (JsonNode tensor : golden.path("tensors").values()) {
            String type = tensor.path("type").asString("");
            if (type.startsWith(prefix) && !type.matches("B?F\\d+|")) {
                return true;
            }
        }
        return false;
    }

    /** Whether some tensor has a type; beside BF16 activations are rounded too. */
    private static boolean has(JsonNode golden, String type) {
        return golden.path("tensors").values().stream()
                .anyMatch(tensor -> tensor.path("type").asString("").equals(type));
    }

    private void reference(Path file, String model, JsonNode reference) {
        String name = CaseFiles.stem(Path.of(model), ".gguf");
        if (!names.test(name) && !names.test(model)) {
            return;
        }
        if (name.startsWith("merged-")) {
            report.skip(name, "needs an adapter merged into its base model");
            return;
        }
        List<String> candidates = List.of(model, model + ".gz");
        run(
                name,
                file,
                candidates,
                path ->
                        new ReferenceCase(name, reference, path, activations, options, report)
                                .check());
    }

    private interface Check {
        void run(Path model) throws IOException;
    }

    private void run(String name, Path facts, List<String> candidates, Check check) {
        List<Path> found = new ArrayList<>();
        for (String candidate : candidates) {
            Path path = facts.resolveSibling(candidate);
            if (Files.exists(path)) {
                found.add(path);
            }
        }
        if (found.isEmpty()) {
            report.fail(name, "no model: expected " + String.join(" or ", candidates));
            return;
        }
        Path model = found.getFirst();
        Map<String, Object> figures = new LinkedHashMap<>();
        try {
            if (architectures.test(architecture(model))) {
                check.run(model);
            }
        } catch (IOException | RuntimeException e) {
            report.fail(name, String.valueOf(e.getMessage()), figures);
        }
    }

    private static String architecture(Path model) throws IOException {
        try (GgufFile file = Models.open(model)) {
            return file.metadata().string("general.architecture");
        } catch (FormatException e) {
            return "";
        }
    }
}
