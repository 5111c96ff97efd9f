package dev.snoozy.engine.model;

import dev.snoozy.engine.run.Scheduler;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The tiny random models with reference logits of the test data (golden/arch). */
record Goldens(Path file, JsonNode json) {
    static final Path FOLDER = Data.shared().resolve("golden").resolve("arch");

    private static final long MEMORY = 1L << 30;

    /** Those whose architecture this version knows and that have logits. */
    static List<Goldens> known() throws IOException {
        return ofArchitectures().stream().filter(g -> g.json.has("logits_last")).toList();
    }

    /** Those whose architecture this version knows. */
    static List<Goldens> ofArchitectures() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".json"))
                    .filter(f -> !Files.exists(applied(f)))
                    .sorted()
                    .map(f -> new Goldens(f, JsonMapper.shared().readTree(f)))
                    .filter(g -> Architecture.names().contains(g.text("architecture")))
                    .toList();
        }
    }

    /** Those and the quantized ones: all that runs. */
    static List<Goldens> all() throws IOException {
        List<Goldens> all = new ArrayList<>(known());
        try (Stream<Path> files = Files.list(FOLDER.resolveSibling("quant"))) {
            files.filter(f -> f.getFileName().toString().matches("q[12]-llama.*json"))
                    .sorted()
                    .map(f -> new Goldens(f, JsonMapper.shared().readTree(f)))
                    .forEach(all::add);
        }
        return all;
    }

    private static Path applied(Path golden) {
        String name = golden.getFileName().toString();
        return golden.resolveSibling(name.replace(".json", "-applied.json"));
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /** The name without its ending. */
    String stem() {
        return name().replace(".json", "");
    }

    String text(String field) {
        return json.get(field).asString();
    }

    double number(String field) {
        return json.get(field).asDouble();
    }

    int[] tokens() {
        return JsonMapper.shared().treeToValue(json.get("tokens"), int[].class);
    }

    float[] logits() {
        return JsonMapper.shared().treeToValue(json.get("logits_last"), float[].class);
    }

    int contextLength() {
        return json.path("n_ctx").asInt(256);
    }

    /** The model on a scheduler with so many threads. Close both. */
    Loaded load(int threads) {
        GgufFile model;
        try {
            model = GgufFile.of(Data.read(file.resolveSibling(text("model"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ModelConfig config = ModelConfig.of(model.metadata(), contextLength());
        Kernels kernels = Kernels.create(threads, Precision.EIGHT_BIT);
        Transformer transformer = Architecture.bind(model, config, kernels).network();
        return new Loaded(
                model,
                new Scheduler(
                        kernels,
                        transformer,
                        transformer::logits,
                        CacheType.F32,
                        new CacheBudget(MEMORY, 0)));
    }

    record Loaded(GgufFile model, Scheduler scheduler) implements AutoCloseable {
        @Override
        public void close() {
            scheduler.close();
            model.close();
        }
    }
}
