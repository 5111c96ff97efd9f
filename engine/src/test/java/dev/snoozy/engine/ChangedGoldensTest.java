package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Models of the reference data with other metadata than theirs, against what llama.cpp of 2026
 * computed for them with GELU in F32: the largest scores after the last token, or the first numbers
 * of its state. So options are covered that no file of the data has.
 */
class ChangedGoldensTest {
    private static final Path FOLDER = Data.shared().resolve("golden").resolve("arch");
    private static final double TOLERANCE = 5e-4;

    @TestFactory
    Stream<DynamicTest> optionsCountAsInTheReference() throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no reference data in " + FOLDER);
        JsonNode cases;
        try (InputStream in =
                ChangedGoldensTest.class.getResourceAsStream("changed-goldens.json")) {
            cases = JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
        return cases.values().stream()
                .map(c ->
                        DynamicTest.dynamicTest(
                                c.get("golden").asString() + ": " + c.get("why").asString(),
                                () -> agrees(c)));
    }

    private static void agrees(JsonNode changed) throws IOException {
        String name = changed.get("golden").asString();
        JsonNode golden = JsonMapper.shared().readTree(FOLDER.resolve(name + ".json"));
        int[] tokens = JsonMapper.shared().treeToValue(golden.get("tokens"), int[].class);
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(2)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32)
                        .withContextLength(golden.path("n_ctx").asInt(0));
        GgufFile file = changed(FOLDER.resolve(golden.get("model").asString()), changed);
        if (changed.has("embedding")) {
            try (EmbeddingModel model = EmbeddingModel.of(file, options)) {
                compare(model.tokenEmbeddings(tokens).getLast(), changed.get("embedding"));
            }
            return;
        }
        try (LanguageModel model = LanguageModel.of(file, options);
                Evaluation text = model.evaluation()) {
            compare(text.append(tokens, true).getLast(), changed.get("logits"));
        }
    }

    private static void compare(float[] found, JsonNode expected) {
        for (JsonNode pair : expected) {
            assertThat((double) found[pair.get(0).asInt()])
                    .isCloseTo(pair.get(1).asDouble(), within(TOLERANCE));
        }
    }

    private static GgufFile changed(Path model, JsonNode changes) throws IOException {
        try (GgufFile file = GgufFile.of(Data.read(model))) {
            Map<String, MetadataValue> values = new LinkedHashMap<>(file.metadata().values());
            String prefix = file.metadata().string("general.architecture") + ".";
            changes.get("remove").forEach(key -> values.remove(prefix + key.asString()));
            changes.get("set")
                    .forEachEntry((key, value) ->
                            values.put(prefix + key, MetadataValue.of(value(value))));
            return GgufFile.of(
                    GgufWriter.bytes(
                            new Metadata(values), List.copyOf(file.tensors()), file::data));
        }
    }

    private static Object value(JsonNode json) {
        if (json.isArray()) {
            Class<?> array = json.get(0).isBoolean() ? boolean[].class : int[].class;
            return JsonMapper.shared().treeToValue(json, array);
        }
        if (json.isNumber()) {
            return json.isIntegralNumber() ? (Object) json.asInt() : (Object) json.floatValue();
        }
        return json.asString();
    }
}
