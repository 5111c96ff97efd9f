package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.SafetensorsFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Models as checkpoints have the names, the shapes and the configuration that the library's classes
 * ask for, and are themselves again when they come back.
 */
class CheckpointFactsTest {
    private static final int[] TOKENS = {1, 10, 40, 7, 20, 9};

    /** The exponential of a rounded logarithm. */
    private static final float DECAY = 4e-6f;

    private static final float SCORES = 2e-4f;

    @TempDir private Path folder;

    static Set<String> architectures() throws IOException {
        return CheckpointFacts.lines().keySet();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theCheckpointIsWhatTheLibraryAsksFor(String name) throws IOException {
        CheckpointFacts facts = CheckpointFacts.of(name);
        Path checkpoint = checkpoint(facts);
        JsonObject config = JsonObject.read(checkpoint.resolve("config.json"));
        assertThat(config.list("architectures")).isEqualTo(List.of(facts.checkpointClass()));
        assertThat(config.string("model_type")).isEqualTo(facts.modelType());
        facts.config()
                .forEach((path, value) -> assertThat(at(config, path)).as(path).isEqualTo(value));
        Map<String, List<Long>> found = new TreeMap<>();
        try (SafetensorsFile file = Converter.checkpoint(checkpoint)) {
            file.tensors().forEach(tensor -> found.put(tensor.name(), tensor.shape()));
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(facts.tensors());
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void backFromTheCheckpointItIsTheModelAgain(String name) throws IOException {
        CheckpointFacts facts = CheckpointFacts.of(name);
        Path checkpoint = checkpoint(facts);
        Path again = folder.resolve("again.gguf");
        Converter.convert(checkpoint, again, ConvertOptions.defaults().withType(OutputType.F32));
        try (GgufFile before = GgufFile.open(folder.resolve("model.gguf"));
                GgufFile after = GgufFile.open(again)) {
            assertThat(after.tensors())
                    .extracting(TensorInfo::name)
                    .containsExactlyInAnyOrderElementsOf(
                            before.tensors().stream().map(TensorInfo::name).toList());
            for (TensorInfo tensor : before.tensors()) {
                TensorInfo other = requireNonNull(after.tensor(tensor.name()));
                assertThat(other).isEqualTo(tensor);
                if (tensor.name().endsWith(".ssm_a")) {
                    assertThat(values(after, other))
                            .usingComparatorWithPrecision(DECAY)
                            .containsExactly(values(before, tensor));
                } else {
                    assertThat(after.data(other).mismatch(before.data(tensor)))
                            .as(tensor.name())
                            .isEqualTo(-1);
                }
            }
        }
        assertThat(says(name, again))
                .usingComparatorWithPrecision(SCORES)
                .containsExactly(says(name, folder.resolve("model.gguf")));
    }

    private Path checkpoint(CheckpointFacts facts) throws IOException {
        Path model = facts.model().writeTo(folder.resolve("model.gguf"));
        Path checkpoint = folder.resolve("checkpoint");
        BackConverter.convert(model, checkpoint, (bytes, total) -> {});
        return checkpoint;
    }

    private static @Nullable Object at(JsonObject config, String path) {
        int dot = path.indexOf('.');
        return dot < 0
                ? config.get(path)
                : at(config.object(path.substring(0, dot)), path.substring(dot + 1));
    }

    private static float[] values(GgufFile file, TensorInfo tensor) {
        return file.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private static float[] says(String name, Path file) throws IOException {
        LoadOptions options = LoadOptions.defaults().withThreads(1).withPrecision(Precision.F32);
        if (TinyModel.isEncoder(name)) {
            try (EmbeddingModel model = EmbeddingModel.load(file, options)) {
                return model.embedTokens(List.of(TOKENS), EmbeddingOptions.defaults()).getFirst();
            }
        }
        try (LanguageModel model = LanguageModel.of(GgufFile.open(file), options);
                Evaluation text = model.evaluation()) {
            return text.append(TOKENS, false).getLast();
        }
    }
}
