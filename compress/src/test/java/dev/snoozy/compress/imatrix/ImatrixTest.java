package dev.snoozy.compress.imatrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import dev.snoozy.compress.imatrix.ImatrixFile.Entry;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ImatrixTest {
    private static final String TEXT = "a few words that mean little to a random model ".repeat(9);
    private static final int CHUNK = 40;

    /** Other orders of sums, in the model more than here. */
    private static final float REFERENCE = 1e-3f;

    @TempDir private Path folder;

    @Test
    void sumsAgreeWithTheReference() throws IOException {
        Path models = Data.shared().resolve("models").resolve("stories260K");
        Path facts = models.resolve("imatrix-llama.cpp.dat.gz");
        assumeTrue(Files.exists(facts), "no reference data in " + models);
        ImatrixFile expected = ImatrixFile.ofLegacy("reference", Data.read(facts));
        byte[] model = Data.read(models.resolve("stories260K-wide256-f32.gguf.gz"));
        Path words = Data.shared().resolve("text").resolve("war-and-peace-first20000bytes.txt");
        try (ImatrixCollector collector = new ImatrixCollector(GgufFile.of(model), options())) {
            TextChunks text =
                    TextChunks.of(
                            collector.model().tokenizer(),
                            Files.readString(words),
                            256,
                            expected.chunks());
            ImatrixFile found = collector.collect(text, "wp20k.txt", chunk -> {});
            assertThat(found.datasets()).isEqualTo(expected.datasets());
            assertThat(found.entries().keySet()).isEqualTo(expected.entries().keySet());
            expected.entries()
                    .forEach((name, entry) -> {
                        float[] means = requireNonNull(found.entries().get(name)).means();
                        float[] reference = entry.means();
                        assertThat(means).hasSameSizeAs(reference);
                        for (int i = 0; i < means.length; i++) {
                            assertThat(means[i])
                                    .as("%s[%d]", name, i)
                                    .isCloseTo(reference[i], within(REFERENCE * reference[i]));
                        }
                    });
        }
    }

    @Test
    void theInputsOfALayersWeightsAreSummedUp() {
        ImatrixFile imatrix = collect(TinyModel.llama().bytes());
        assertThat(imatrix.entries())
                .hasSize(14)
                .containsKeys("blk.0.attn_q.weight", "blk.1.ffn_down.weight");
        Entry q = requireNonNull(imatrix.entries().get("blk.0.attn_q.weight"));
        Entry k = requireNonNull(imatrix.entries().get("blk.0.attn_k.weight"));
        assertThat(q.sums()).isEqualTo(k.sums());
        assertThat(q.counts()).containsExactly(imatrix.chunks() * CHUNK);
        // After a norm with weights around 1 the mean square of all inputs is around 1.
        float mean = 0;
        for (float square : q.means()) {
            mean += square / q.columns();
        }
        assertThat(mean).isCloseTo(1, within(0.5f));
    }

    @Test
    void eachExpertHasItsOwnSumsAndTheModelSaysTheSame() {
        byte[] mixture = TinyModel.mixture().bytes();
        ImatrixFile imatrix = collect(mixture);
        for (String part : List.of("gate", "up", "down")) {
            Entry entry =
                    requireNonNull(imatrix.entries().get("blk.0.ffn_" + part + "_exps.weight"));
            assertThat(entry.matrices()).isEqualTo(TinyModel.EXPERTS);
            float tokens = 0;
            for (float count : entry.counts()) {
                tokens += count;
            }
            assertThat(tokens).isEqualTo(2 * imatrix.chunks() * CHUNK);
        }
        assertThat(imatrix.entries()).containsKey("blk.0.ffn_gate_inp.weight");
        int[] tokens = {1, 70, 80, 90, 100};
        try (LanguageModel plain = LanguageModel.of(GgufFile.of(mixture), options());
                LanguageModel observed =
                        LanguageModel.observed(
                                GgufFile.of(mixture), options(), (weight, matrix, row) -> {});
                Evaluation expected = plain.evaluation();
                Evaluation found = observed.evaluation()) {
            assertThat(found.append(tokens, false).getFirst())
                    .usingComparatorWithPrecision(1e-4f)
                    .containsExactly(expected.append(tokens, false).getFirst());
        }
    }

    private static ImatrixFile collect(byte[] model) {
        try (ImatrixCollector collector = new ImatrixCollector(GgufFile.of(model), options())) {
            TextChunks text = TextChunks.of(collector.model().tokenizer(), TEXT, CHUNK, 0);
            return collector.collect(text, "words.txt", chunk -> {});
        }
    }

    private static LoadOptions options() {
        return LoadOptions.defaults()
                .withThreads(2)
                .withPrecision(Precision.F32)
                .withCacheType(CacheType.F32);
    }

    @Test
    void bothFormsKeepTheMeans() throws IOException {
        ImatrixFile imatrix = sample();
        Path gguf = folder.resolve("m.gguf");
        imatrix.write(gguf);
        ImatrixFile read = ImatrixFile.read(gguf);
        same(read, imatrix);
        assertThat(read.chunkSize()).isEqualTo(512);
        assertThat(requireNonNull(read.entries().get("blk.1.x.weight")).counts())
                .containsExactly(4, 0);
        Path legacy = folder.resolve("m.dat");
        imatrix.writeLegacy(legacy);
        same(ImatrixFile.read(legacy), imatrix);
        assertThat(imatrix.unseen()).isEqualTo(Map.of("blk.1.x.weight", 1));
    }

    private static ImatrixFile sample() {
        TreeMap<String, Entry> entries = new TreeMap<>();
        entries.put("blk.0.x.weight", new Entry(3, new float[] {8, 4, 2}, new float[] {8}));
        entries.put("blk.1.x.weight", new Entry(2, new float[] {4, 2, 0, 0}, new float[] {4, 0}));
        return new ImatrixFile(entries, List.of("words.txt"), 2, 512);
    }

    private static void same(ImatrixFile found, ImatrixFile expected) {
        assertThat(found.chunks()).isEqualTo(expected.chunks());
        assertThat(found.datasets()).isEqualTo(expected.datasets());
        assertThat(found.entries().keySet()).isEqualTo(expected.entries().keySet());
        expected.entries()
                .forEach((name, entry) ->
                        assertThat(requireNonNull(found.entries().get(name)).means())
                                .isEqualTo(entry.means()));
    }

    @Test
    void theGgufFormHasTheKeysAndShapesThatLlamaCppReads() throws IOException {
        Path target = folder.resolve("m.gguf");
        sample().write(target);
        try (GgufFile file = GgufFile.open(target)) {
            Metadata metadata = file.metadata();
            assertThat(metadata.string("general.type")).isEqualTo("imatrix");
            assertThat(metadata.strings("imatrix.datasets")).containsExactly("words.txt");
            assertThat(metadata.integer("imatrix.chunk_count")).isEqualTo(2);
            assertThat(metadata.integer("imatrix.chunk_size")).isEqualTo(512);
            assertThat(requireNonNull(file.tensor("blk.1.x.weight.in_sum2")).shape())
                    .containsExactly(2L, 2L);
            assertThat(requireNonNull(file.tensor("blk.1.x.weight.counts")).shape())
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void filesThatAreNoImportanceMatrixAreRefused() throws IOException {
        Path legacy = folder.resolve("m.dat");
        sample().writeLegacy(legacy);
        byte[] bytes = Files.readAllBytes(legacy);
        for (int length = 5; length < 60; length += 7) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ImatrixFile.ofLegacy("cut", cut))
                    .isInstanceOf(FormatException.class);
        }
        byte[] huge = new byte[64];
        Arrays.fill(huge, (byte) 0x7f);
        assertThatThrownBy(() -> ImatrixFile.ofLegacy("huge", huge))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no importance matrix");
        Path model = TinyModel.llama().writeTo(folder.resolve("model.gguf"));
        assertThatThrownBy(() -> ImatrixFile.read(model))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("expected an importance matrix");
    }
}
