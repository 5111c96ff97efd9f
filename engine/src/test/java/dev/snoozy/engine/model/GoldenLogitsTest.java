package dev.snoozy.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.engine.run.Evaluator;
import dev.snoozy.engine.run.Scheduler;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every known architecture against the logits of an outside engine (data: golden/arch). */
class GoldenLogitsTest {
    private static final Path FOLDER = Data.shared().resolve("golden").resolve("arch");

    @TestFactory
    Stream<DynamicTest> logitsOfEveryKnownArchitecture() throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no reference data in " + FOLDER);
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> goldens =
                    files.filter(f -> f.toString().endsWith(".json"))
                            .filter(f -> !Files.exists(applied(f)))
                            .filter(GoldenLogitsTest::isKnown)
                            .sorted()
                            .toList();
            return goldens.stream()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
        }
    }

    private static Path applied(Path golden) {
        return golden.resolveSibling(
                golden.getFileName().toString().replace(".json", "-applied.json"));
    }

    private static boolean isKnown(Path golden) {
        return Architecture.names().contains(read(golden).get("architecture").asString());
    }

    private static JsonNode read(Path golden) {
        return JsonMapper.shared().readTree(golden);
    }

    private static void check(Path file) throws IOException {
        JsonNode golden = read(file);
        assumeTrue(golden.has("logits_last"), "an embedding");
        int[] tokens = JsonMapper.shared().treeToValue(golden.get("tokens"), int[].class);
        float[] expected =
                JsonMapper.shared().treeToValue(golden.get("logits_last"), float[].class);
        double tolerance = golden.get("tolerance_abs").asDouble();
        try (GgufFile model =
                GgufFile.of(Data.read(file.resolveSibling(golden.get("model").asString())))) {
            ModelConfig config = ModelConfig.of(model.metadata(), golden.get("n_ctx").asInt());
            Kernels kernels = Kernels.create(2);
            Transformer transformer = Architecture.load(model, config, kernels);
            try (Scheduler scheduler = new Scheduler(kernels, transformer, transformer::logits);
                    Evaluator evaluator = new Evaluator(scheduler, config.contextLength())) {
                float[] found = evaluator.append(tokens, false).getFirst();
                double largest = 0;
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(found[i] - expected[i]));
                }
                System.out.println(file.getFileName() + " " + largest);
                assertThat(largest).isLessThan(tolerance);
            }
        }
    }
}
