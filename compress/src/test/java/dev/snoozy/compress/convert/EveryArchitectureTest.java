package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A model of every architecture becomes a checkpoint and a model again, or is refused by name. */
class EveryArchitectureTest {
    private static final int[] TOKENS = {1, 10, 40, 7, 20, 9};

    /** Those that have no family yet. One that is new stands here, or is converted. */
    private static final Set<String> REFUSED = Set.of("grok");

    /** Classes with the tensors of another one, or that score no tokens. */
    private static final Set<String> ALIKE =
            Set.of(
                    "BertModel",
                    "DeepseekV2ForCausalLM",
                    "FalconMambaForCausalLM",
                    "Gemma3TextModel",
                    "Gemma3nForConditionalGeneration",
                    "Gemma4ForConditionalGeneration",
                    "GraniteMoeSharedForCausalLM",
                    "InternLM3ForCausalLM");

    @TempDir private Path folder;

    private static Set<String> families() {
        return Families.ALL.stream()
                .map(Family::architecture)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The checkpoints, without one whose divisors of frequencies have no way back. */
    static List<String> checkpoints() throws IOException {
        return Checkpoints.names().stream().filter(name -> !name.equals("llama3")).toList();
    }

    static Set<String> refused() {
        return new TreeSet<>(REFUSED);
    }

    @Test
    void everyArchitectureOfTheEngineIsConvertedOrRefused() {
        Set<String> both = families();
        both.addAll(REFUSED);
        assertThat(families()).doesNotContainAnyElementsOf(REFUSED);
        assertThat(both).containsExactlyElementsOf(new TreeSet<>(TinyModel.architectures()));
    }

    /** Every class was written by the library, or its facts by hand, but for those named here. */
    @Test
    void everyFamilyHasACheckpointInTheTests() throws IOException {
        Set<String> classes = new TreeSet<>(ALIKE);
        for (String name : Checkpoints.names()) {
            JsonObject config = Converter.config(Checkpoints.copy(name, folder));
            classes.add(Families.of(config).checkpointClass());
        }
        for (String name : CheckpointFacts.lines().keySet()) {
            classes.add(CheckpointFacts.of(name).checkpointClass());
        }
        OwnCodeTest.classes().forEach(facts -> classes.add(facts.checkpointClass()));
        Set<String> all = new TreeSet<>();
        Families.ALL.forEach(family -> all.add(family.checkpointClass()));
        assertThat(classes).isEqualTo(all);
    }

    /** What the first conversion scores, {@link ConverterTest} compares with another library. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void asACheckpointAndBackItScoresAsBefore(String name) throws IOException {
        Path first = folder.resolve("first.gguf");
        ConvertOptions options = ConvertOptions.defaults().withType(OutputType.F32);
        Converter.convert(Checkpoints.copy(name, folder), first, options);
        Path back = folder.resolve("back");
        BackConverter.convert(first, back, (bytes, total) -> {});
        Path second = folder.resolve("second.gguf");
        Converter.convert(back, second, options);
        assertThat(scores(second)).isDeepEqualTo(scores(first));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void oneWithoutAFamilyIsRefusedByName(String name) throws IOException {
        Path model = TinyModel.of(name).writeTo(folder.resolve("model.gguf"));
        Path checkpoint = folder.resolve("checkpoint");
        assertThatThrownBy(() -> BackConverter.convert(model, checkpoint, (bytes, total) -> {}))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("found " + name)
                .hasMessageContaining("cannot convert back");
        assertThat(checkpoint).doesNotExist();
    }

    /** Those whose models {@link CheckpointFactsTest} does not convert. */
    static Set<String> converted() throws IOException {
        Set<String> names = new TreeSet<>(TinyModel.architectures());
        names.removeAll(REFUSED);
        names.removeAll(CheckpointFacts.lines().keySet());
        return names;
    }

    @ParameterizedTest
    @MethodSource("converted")
    void aModelBecomesACheckpointAndTheSameAgain(String name) throws IOException {
        Path model = Files.write(folder.resolve("model.gguf"), TinyCheckpoints.of(name).bytes());
        RoundTrip.check(model, folder);
    }

    @Test
    void aWindowThatACheckpointCannotSayIsRefused() throws IOException {
        Path model = TinyModel.of("qwen2").writeTo(folder.resolve("model.gguf"));
        assertThatThrownBy(() ->
                        BackConverter.convert(model, folder.resolve("back"), (bytes, total) -> {}))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining("qwen2.attention.sliding_window: found 40");
    }

    private static float[][] scores(Path file) throws IOException {
        LoadOptions options = LoadOptions.defaults().withThreads(1);
        try (LanguageModel model = LanguageModel.of(GgufFile.open(file), options);
                Evaluation text = model.evaluation()) {
            return text.append(TOKENS, true).toArray(float[][]::new);
        }
    }
}
