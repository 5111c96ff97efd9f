package dev.snoozy.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.cli.Models;
import dev.snoozy.compress.Mixture;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.FileTypes;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class RandomModelTest {
    @TempDir private Path folder;

    static List<String> types() {
        return RandomTypes.all().stream().map(Mixture::name).toList();
    }

    @ParameterizedTest
    @MethodSource("types")
    void aModelOfEveryTypeIsLoadedAndScoresItsTokens(String type) throws IOException {
        Path file = write("tiny", type, 1, "model.gguf");
        LoadOptions options = LoadOptions.defaults().withThreads(1);
        try (LanguageModel model = LanguageModel.load(file, options);
                Evaluation text = model.evaluation()) {
            text.append(new int[] {5, 300, 511, 0}, false);
            float[] scores = text.append(new int[] {17}, false).getFirst();
            assertThat(scores).hasSize(512);
            double squares = 0;
            for (float score : scores) {
                squares += (double) score * score;
            }
            // Weights of deviation 1 / sqrt(in) on a normed state give scores of about 1.
            assertThat(Math.sqrt(squares / scores.length)).isBetween(0.2, 5.0);
        }
    }

    @Test
    void theSameSeedGivesTheSameFileAndAnotherAnother() throws IOException {
        byte[] bytes = Files.readAllBytes(write("tiny", "Q4_K_M", 1, "a.gguf"));
        assertThat(Files.readAllBytes(write("tiny", "Q4_K_M", 1, "b.gguf"))).isEqualTo(bytes);
        assertThat(Files.readAllBytes(write("tiny", "Q4_K_M", 2, "c.gguf"))).isNotEqualTo(bytes);
        try (GgufFile file = GgufFile.of(bytes)) {
            assertThat(FileTypes.of(file)).isEqualTo("Q4_K_M");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3-0.6b", "gemma-small", "moe-small", "llama-13b", "llama-8b"})
    void everyFamilyIsTakenByTheEngine(String name) throws IOException {
        Shape large = Shape.of(name);
        Shape small =
                new Shape(
                        "small",
                        large.architecture(),
                        6,
                        128,
                        4,
                        2,
                        64,
                        96,
                        300,
                        64,
                        large.ropeBase(),
                        large.tied(),
                        large.experts());
        Path file = folder.resolve("small.gguf");
        RandomModel.of(small, RandomTypes.of("Q4_0"), 1, null).write(file);
        try (LanguageModel model = LanguageModel.load(file);
                Evaluation text = model.evaluation()) {
            for (float score : text.append(new int[] {1, 2, 3}, false).getFirst()) {
                assertThat(score).isFinite();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 512, 32_000, 151_936})
    void aMadeUpVocabularyReadsAndWritesAnyText(int size) {
        Metadata metadata = new Metadata(RandomVocabulary.metadata(size));
        Tokenizer tokenizer = Tokenizer.of(metadata);
        assertThat(tokenizer.vocabulary().size()).isEqualTo(size);
        assertThat(tokenizer.vocabulary().eos()).isEqualTo(size - 1);
        assertThat(metadata.strings("tokenizer.ggml.tokens")).doesNotHaveDuplicates();
        String text = "Once upon a time, in 東京: naïve café 🙂\n\tx = 1;";
        int[] ids = tokenizer.encode(text, false, false);
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        if (size > 300) {
            assertThat(Arrays.stream(ids).max().orElseThrow()).isGreaterThan(255);
        }
    }

    @Test
    void aVocabularyNeedsAllBytesAndAnEnd() {
        assertThatThrownBy(() -> RandomVocabulary.metadata(256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 256");
    }

    @Test
    void theTokenizerOfAnotherModelIsTakenWhole() throws IOException {
        Path file = folder.resolve("model.gguf");
        RandomModel.of(Shape.of("tiny"), RandomTypes.of("Q8_0"), 1, "tinystories").write(file);
        try (GgufFile own = GgufFile.open(file);
                GgufFile other = Models.open("tinystories")) {
            assertThat(tokenizer(own)).usingRecursiveComparison().isEqualTo(tokenizer(other));
            assertThat(tokenizer(own)).containsKey("tokenizer.ggml.scores");
            int size = other.metadata().strings("tokenizer.ggml.tokens").length;
            assertThat(own.tensors())
                    .filteredOn(tensor -> tensor.name().equals("token_embd.weight"))
                    .extracting(TensorInfo::shape)
                    .containsExactly(List.of(256L, (long) size));
            assertThat(own.metadata().integer("llama.vocab_size")).isEqualTo(size);
        }
        try (LanguageModel model = LanguageModel.load(file)) {
            assertThat(model.tokenizer().encode("Once upon a time", true, false)).isNotEmpty();
        }
    }

    /** The keys of the tokenizer with the values and types they have in the file. */
    private static Map<String, MetadataValue> tokenizer(GgufFile file) {
        Map<String, MetadataValue> keys = new TreeMap<>(file.metadata().values());
        keys.keySet().removeIf(key -> !key.startsWith("tokenizer."));
        return keys;
    }

    private Path write(String shape, String type, long seed, String name) throws IOException {
        Path file = folder.resolve(name);
        RandomModel.of(Shape.of(shape), RandomTypes.of(type), seed, null).write(file);
        return file;
    }
}
