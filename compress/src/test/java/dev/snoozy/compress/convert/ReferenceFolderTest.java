package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;
import dev.snoozy.text.tokenizer.Tokenizer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A real folder against the GGUF file that another program made of the same weights. */
class ReferenceFolderTest {
    private static final Path MODELS = Data.shared().resolve("models").resolve("stories260K");
    private static final Path FOLDER = MODELS.resolve("hf");

    /** What the reference has beyond what the folder says. */
    private static final Set<String> OTHERWISE =
            Set.of("general.name", "general.description", "general.license");

    @TempDir private Path temp;

    @BeforeEach
    void needsTheReferenceData() {
        assumeTrue(Files.isDirectory(FOLDER), "no reference data in " + MODELS);
    }

    @Test
    void everyTensorIsTheSameToTheLastBit() throws IOException {
        Path found = temp.resolve("m.gguf");
        Converter.convert(FOLDER, found, ConvertOptions.defaults());
        same(found, MODELS.resolve("stories260K-f32.gguf"));
    }

    @Test
    void halfPrecisionIsTheSameToTheLastBitToo() throws IOException {
        Path found = temp.resolve("m.gguf");
        Converter.convert(FOLDER, found, ConvertOptions.defaults().withType(OutputType.F16));
        same(found, MODELS.resolve("stories260K-f16.gguf"));
    }

    private static void same(Path found, Path expected) throws IOException {
        try (GgufFile ours = GgufFile.open(found);
                GgufFile reference = GgufFile.open(expected)) {
            assertThat(names(ours)).containsExactlyInAnyOrderElementsOf(names(reference));
            for (TensorInfo tensor : reference.tensors()) {
                TensorInfo our = requireNonNull(ours.tensor(tensor.name()));
                assertThat(our).isEqualTo(tensor);
                assertThat(ours.data(our).mismatch(reference.data(tensor)))
                        .as(tensor.name())
                        .isEqualTo(-1);
            }
            Metadata metadata = ours.metadata();
            reference
                    .metadata()
                    .values()
                    .forEach((key, value) -> {
                        if (!OTHERWISE.contains(key)) {
                            assertThat(metadata.get(key)).as(key).isEqualTo(value.value());
                        }
                    });
        }
    }

    private static List<String> names(GgufFile file) {
        return file.tensors().stream().map(TensorInfo::name).toList();
    }

    @Test
    void aTokenizerWithMergesOnlyGivesTheSameIds() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("without-model"));
        for (String file :
                List.of(
                        "config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json")) {
            Files.copy(FOLDER.resolve(file), folder.resolve(file));
        }
        Path target = temp.resolve("m.gguf");
        Converter.convert(folder, target, ConvertOptions.defaults());
        String text =
                Files.readString(
                        Data.shared()
                                .resolve("text")
                                .resolve("wikitext-2-test-first20000bytes.txt"));
        try (GgufFile found = GgufFile.open(target);
                GgufFile reference = GgufFile.open(MODELS.resolve("stories260K-f32.gguf"))) {
            int[] expected = Tokenizer.of(reference.metadata()).encode(text, true, false);
            assertThat(Tokenizer.of(found.metadata()).encode(text, true, false))
                    .isEqualTo(expected);
        }
    }

    @Test
    void theResultIsVerifiedAgainstItsSource() throws IOException {
        for (OutputType type : List.of(OutputType.AUTO, OutputType.BF16, OutputType.Q8_0)) {
            Path target = temp.resolve("m.gguf");
            ConvertOptions options = ConvertOptions.defaults().withType(type);
            Converter.convert(FOLDER, target, options);
            Divergence found = Verifier.verify(FOLDER, target, options, 2);
            assertThat(found.divergence().value())
                    .isLessThan(type == OutputType.AUTO ? 1e-6 : 1e-2);
        }
        try (var files = Files.list(temp)) {
            assertThat(files).containsExactly(temp.resolve("m.gguf"));
        }
    }

    @Test
    void rowsThatFillNoBlocksBecomeF16() throws IOException {
        Path target = temp.resolve("m.gguf");
        Converter.convert(FOLDER, target, ConvertOptions.defaults().withType(OutputType.Q8_0));
        try (GgufFile file = GgufFile.open(target)) {
            assertThat(requireNonNull(file.tensor("blk.0.attn_q.weight")).type())
                    .isEqualTo(TensorType.Q8_0);
            assertThat(requireNonNull(file.tensor("blk.0.ffn_down.weight")).type())
                    .isEqualTo(TensorType.F16);
            assertThat(requireNonNull(file.tensor("blk.0.attn_norm.weight")).type())
                    .isEqualTo(TensorType.F32);
            assertThat(file.metadata().integer("general.file_type")).isEqualTo(7);
        }
    }

    @Test
    void thereAndBackIsTheSame() throws IOException {
        Path gguf = temp.resolve("m.gguf");
        Converter.convert(FOLDER, gguf, ConvertOptions.defaults());
        Path folder = temp.resolve("back");
        BackConverter.convert(gguf, folder, (bytes, total) -> {});
        Path again = temp.resolve("again.gguf");
        Converter.convert(folder, again, ConvertOptions.defaults());
        same(again, MODELS.resolve("stories260K-f32.gguf"));
    }

    @Test
    void aSentencePieceModelHasTheReferencesVocabulary() throws IOException {
        Path tokenizers = Data.shared().resolve("tokenizers").resolve("vocab");
        SentencePieceModel model =
                SentencePieceModel.read(Data.read(tokenizers.resolve("mistral-v3.spm.model.gz")));
        try (GgufFile file =
                GgufFile.of(Data.read(tokenizers.resolve("mistral-v3-vocab.gguf.gz")))) {
            String[] texts = file.metadata().strings("tokenizer.ggml.tokens");
            float[] scores = file.metadata().floats("tokenizer.ggml.scores");
            assertThat(model.unigram()).isFalse();
            assertThat(model.pieces()).hasSize(texts.length);
            for (int id = 0; id < texts.length; id++) {
                SentencePieceModel.Piece piece = model.pieces().get(id);
                assertThat(piece.text()).isEqualTo(texts[id]);
                assertThat(piece.score()).isEqualTo(scores[id]);
            }
        }
        SentencePieceModel unigram =
                SentencePieceModel.read(Data.read(tokenizers.resolve("ugm4k.spm.model.gz")));
        assertThat(unigram.unigram()).isTrue();
    }
}
