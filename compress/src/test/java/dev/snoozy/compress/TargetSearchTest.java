package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ProbedModel;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

class TargetSearchTest {
    /** Rows of 64: no block of 256 fits. */
    private static final Path SMALL =
            Data.root().resolve("models").resolve("tinystories").resolve("stories260K-f32.gguf");

    private static final int CHUNK = 256;
    private static final int CHUNKS = 6;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "stories260K-f32.gguf, Q4_0",
        "stories260K-f32.gguf, Q4_K_M",
        "stories260K-f32.gguf, Q5_K_M",
        "stories260K-wide256-f32.gguf.gz, Q2_K",
        "stories260K-wide256-f32.gguf.gz, Q3_K_M",
        "stories260K-wide256-f32.gguf.gz, Q4_K_M",
        "stories260K-wide256-f32.gguf.gz, Q5_K_M"
    })
    void inTheSizeOfAMixtureNoMoreIsLost(String model, String mixture) throws IOException {
        Path shared = Data.shared().resolve("models").resolve("stories260K").resolve(model);
        Path words = Data.shared().resolve("text").resolve("tinystories_sample.txt");
        assumeTrue(Files.exists(shared) && Files.exists(words), "no reference data at " + shared);
        byte[] bytes = Data.read(shared);
        Path mixed = folder.resolve("mixed.gguf");
        Path chosen = folder.resolve("chosen.gguf");
        try (GgufFile source = GgufFile.of(bytes)) {
            Quantizer quantizer = new Quantizer(source, options(mixture, null, 2));
            quantizer.write(mixed, done -> {});
            assertThat(Files.size(mixed)).isEqualTo(quantizer.fileBytes());
            Target target = new Target.FileSize(Files.size(mixed), "that size");
            TargetChoice choice = choose(bytes, source, options("F16", null, 2), target);
            new Quantizer(source, choice.options()).write(chosen, done -> {});
            assertThat(Files.size(chosen)).isEqualTo(choice.fileBytes());
        }
        assertThat(Files.size(chosen)).isLessThanOrEqualTo(Files.size(mixed));
        try (LanguageModel base = LanguageModel.of(GgufFile.of(bytes), exact())) {
            String text = Files.readString(words);
            TextChunks chunks = TextChunks.of(base.tokenizer(), text, CHUNK, CHUNKS);
            Base.Kept kept = perplexity(base).keep(chunks);
            assertThat(divergence(chosen, chunks, kept))
                    .isLessThanOrEqualTo(divergence(mixed, chunks, kept));
        }
    }

    @Test
    void noBudgetIsEverExceeded() throws IOException {
        try (GgufFile source = GgufFile.open(SMALL)) {
            QuantizeOptions options = options("F16", ones(source), 2);
            long all = Files.size(SMALL);
            double last = Double.POSITIVE_INFINITY;
            for (long size = 243_000; size < all + 100_000; size += 41_713) {
                Target target = new Target.FileSize(size, "size");
                TargetChoice choice = new TargetSearch(source, options, target).choose(silent());
                assertThat(choice.fileBytes()).isLessThanOrEqualTo(size);
                Path file = folder.resolve("size.gguf");
                new Quantizer(source, choice.options()).write(file, done -> {});
                assertThat(Files.size(file)).isEqualTo(choice.fileBytes());
                double loss = choice.tensors().stream().mapToDouble(t -> t.loss()).sum();
                assertThat(loss).isLessThanOrEqualTo(last);
                last = loss;
            }
            assertThat(last).isZero();
            for (double bits = 7.01; bits < 33; bits += 3.7) {
                Target target = new Target.BitsPerWeight(bits);
                TargetChoice choice = new TargetSearch(source, options, target).choose(silent());
                QuantizePlan plan = new Quantizer(source, choice.options()).plan();
                assertThat(plan.bitsPerWeight()).isLessThanOrEqualTo(bits);
            }
        }
    }

    @Test
    void aTargetBelowTheSmallestSizeIsRefusedWithThatSizeWhichIsPossible() throws IOException {
        try (GgufFile source = GgufFile.open(SMALL)) {
            QuantizeOptions options = options("F16", ones(source), 2);
            Target none = new Target.FileSize(1, "1B");
            String message = "";
            try {
                new TargetSearch(source, options, none);
            } catch (FormatException e) {
                message = String.valueOf(e.getMessage());
            }
            assertThat(message).contains("1B: the smallest that can be made is ").contains("cure");
            long least = Long.parseLong(message.replaceAll("(?s).*made is (\\d+) bytes.*", "$1"));
            Target smallest = new Target.FileSize(least, "least");
            TargetChoice choice = new TargetSearch(source, options, smallest).choose(silent());
            assertThat(choice.fileBytes()).isEqualTo(least);
            Target bits = new Target.BitsPerWeight(0.5);
            assertThatThrownBy(() -> new TargetSearch(source, options, bits))
                    .isInstanceOf(FormatException.class)
                    .hasMessageMatching("0.5 bits per weight: the smallest .* [0-9.]+ bits.*");
        }
    }

    @Test
    void theTypesAreThoseOfTheUserWhereOneWasGiven() throws IOException {
        try (GgufFile source = GgufFile.open(SMALL)) {
            QuantizeOptions plain = options("F16", ones(source), 2);
            QuantizeOptions options =
                    new QuantizeOptions(
                            plain.mixture(),
                            List.of(
                                    new QuantizeOptions.Override(
                                            Pattern.compile("attn_q"), TensorType.Q8_0)),
                            plain.importance(),
                            "",
                            false,
                            2);
            Target target = new Target.FileSize(300_000, "300 kB");
            TargetChoice choice = new TargetSearch(source, options, target).choose(silent());
            assertThat(choice.fileBytes()).isBetween(250_000L, 300_000L);
            for (QuantizePlan.Choice each :
                    new Quantizer(source, choice.options()).plan().choices()) {
                if (each.source().name().contains("attn_q")) {
                    assertThat(each.target().type()).isEqualTo(TensorType.Q8_0);
                }
            }
        }
    }

    @Test
    void theSameBytesComeOfAnyNumberOfThreads() throws IOException {
        byte[] bytes = Files.readAllBytes(SMALL);
        byte[][] written = new byte[2][];
        for (int threads = 1; threads <= 2; threads++) {
            try (GgufFile source = GgufFile.of(bytes)) {
                Target target = new Target.BitsPerWeight(8);
                QuantizeOptions options = options("F16", null, threads);
                TargetChoice choice = choose(bytes, source, options, target);
                Path file = folder.resolve("threads.gguf");
                new Quantizer(source, choice.options()).write(file, done -> {});
                written[threads - 1] = Files.readAllBytes(file);
            }
        }
        assertThat(written[1]).isEqualTo(written[0]);
    }

    @Test
    void theFileTypeIsThatOfMostWeights() throws IOException {
        try (GgufFile source = GgufFile.open(SMALL)) {
            QuantizeOptions options = options("F16", ones(source), 2);
            Target target = new Target.BitsPerWeight(40);
            TargetChoice choice = new TargetSearch(source, options, target).choose(silent());
            assertThat(choice.options().mixture().fileType()).isZero(); // all stay F32
        }
    }

    @Test
    void nothingIsChosenWithoutAnyMeasureOfErrors() throws IOException {
        try (GgufFile source = GgufFile.open(SMALL)) {
            TargetSearch search =
                    new TargetSearch(source, options("F16", null, 2), new Target.BitsPerWeight(9));
            assertThatThrownBy(() -> search.choose(silent()))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("--imatrix FILE");
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "NaN", "Infinity", "-Infinity"})
    void aSenselessTargetIsRefused(double bits) {
        assertThatThrownBy(() -> new Target.BitsPerWeight(bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found " + bits);
        assertThatThrownBy(() -> new Target.FileSize(-1, "-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found -1");
    }

    @Test
    void inALargeModelNeighboursAreProbedTogether() {
        List<TensorInfo> tensors =
                IntStream.range(0, 32)
                        .boxed()
                        .flatMap(i ->
                                List.of("attn_q", "attn_k", "attn_v", "ffn_up", "ffn_down").stream()
                                        .map(name -> "blk." + i + "." + name + ".weight"))
                        .map(name -> TensorInfo.of(name, TensorType.F16, List.of(32L, 32L)))
                        .toList();
        List<List<TensorInfo>> groups = ProbeGroups.of(tensors);
        assertThat(groups).hasSizeBetween(40, 48);
        assertThat(groups.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(tensors);
        assertThat(groups).contains(List.of(tensors.get(0)), List.of(tensors.get(5 * 31)));
        assertThat(ProbeGroups.of(tensors.subList(0, 40))).hasSize(40);
    }

    private static TargetChoice choose(
            byte[] bytes, GgufFile source, QuantizeOptions options, Target target)
            throws IOException {
        LoadOptions load = exact().withThreads(options.threads());
        try (ProbedModel model = ProbedModel.of(GgufFile.of(bytes), load)) {
            return new TargetSearch(source, options, target)
                    .choose(model, TargetSearch.builtInProbe(), silent());
        }
    }

    private static SearchListener silent() {
        return SearchListener.SILENT;
    }

    /** An importance matrix that knows no differences. */
    private static ImportanceMatrix ones(GgufFile source) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (TensorInfo tensor : source.tensors()) {
            if (tensor.shape().size() == 2) {
                float[] all = new float[tensor.shape().getFirst().intValue()];
                Arrays.fill(all, 1);
                values.put(tensor.name(), all);
            }
        }
        return new ImportanceMatrix(values, "", 0);
    }

    private static QuantizeOptions options(
            String mixture, @Nullable ImportanceMatrix matrix, int threads) {
        return new QuantizeOptions(
                Mixture.of(mixture).orElseThrow(), List.of(), matrix, "", false, threads);
    }

    private static LoadOptions exact() {
        return LoadOptions.defaults()
                .withThreads(2)
                .withPrefixMemory(0)
                .withPrecision(Precision.F32)
                .withCacheType(CacheType.F32);
    }

    private static Perplexity perplexity(LanguageModel model) {
        return new Perplexity(model, 2, (done, all, value) -> {});
    }

    private static double divergence(Path file, TextChunks text, Base base) throws IOException {
        try (LanguageModel model = LanguageModel.of(GgufFile.open(file), exact())) {
            return Objects.requireNonNull(perplexity(model).compare(text, base).divergence())
                    .divergence()
                    .value();
        }
    }
}
