package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.snoozy.format.Fit;
import dev.snoozy.format.Fit.Verdict;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Where the weights of a model lie, and what is told of it. */
class WeightPlacementTest {
    private static final String PROMPT = "Once upon a time";

    private final List<Cliffs.Report> slow = new ArrayList<>();
    private final List<Long> packed = new ArrayList<>();
    private long total;

    private final LoadListener listener =
            new LoadListener() {
                @Override
                public void packed(long bytes, long all) {
                    packed.add(bytes);
                    total = all;
                }

                @Override
                public void slow(Cliffs.Report report) {
                    slow.add(report);
                }
            };

    private LoadOptions options(WeightPlacement weights) {
        return LoadOptions.defaults()
                .withThreads(Runtime.getRuntime().availableProcessors())
                .withWeights(weights)
                .withListener(listener);
    }

    @Test
    void aMappedModelSaysWhatAPackedOneSaysAndThatItIsSlow() throws IOException {
        List<Generation> stories = new ArrayList<>();
        for (WeightPlacement weights : WeightPlacement.values()) {
            slow.clear();
            try (LanguageModel model = LanguageModel.load(Models.stories(), options(weights))) {
                stories.add(model.generate(PROMPT, Models.greedy(40)));
                assertThat(model.cliffs()).isEqualTo(slow);
                if (!hasScalarKernels()) {
                    assertThat(cliffs().contains(PerformanceCliff.MAPPED_WEIGHTS))
                            .isEqualTo(weights == WeightPlacement.MAPPED);
                }
            }
        }
        assertThat(stories.get(1).tokens()).isEqualTo(stories.get(0).tokens());
        assertThat(stories.get(2).tokens()).isEqualTo(stories.get(0).tokens());
        assertThat(stories.get(2).logprobs()).isEqualTo(stories.get(1).logprobs());
    }

    @Test
    void packingTellsHowFarItIsAndEndsWithAllOfIt() throws IOException {
        try (LanguageModel model =
                LanguageModel.load(Models.stories(), options(WeightPlacement.AUTO))) {
            assumeFalse(hasScalarKernels(), "scalar kernels pack nothing");
            assertThat(model.contextLength()).isPositive();
            assertThat(packed).isSorted().endsWith(total);
            // Embeddings are tied in this file: the one table is packed once.
            try (GgufFile file = GgufFile.open(Models.stories())) {
                long matrices =
                        file.tensors().stream()
                                .filter(t -> t.shape().size() == 2)
                                .mapToLong(TensorInfo::bytes)
                                .sum();
                assertThat(file.tensor("output.weight")).isNull();
                assertThat(total).isEqualTo(matrices);
            }
        }
    }

    @Test
    void weightsStayMappedWhereThereIsLittleMemory() {
        assertThat(report(fit(Verdict.MAPPED), OptionalLong.of(1_300_000_000)))
                .extracting(Cliffs.Report::toString)
                .singleElement()
                .asString()
                .contains("packed ones need 1.4 GB of memory, 1.3 GB are free");
        assertThat(report(fit(Verdict.FITS), OptionalLong.of(1_400_000_000))).isEmpty();
        assertThat(report(fit(Verdict.FITS), OptionalLong.empty())).isEmpty();
    }

    @Test
    void aModelThatDoesNotFitAtAllIsRefusedWithTheCure() {
        assertThatThrownBy(() -> report(fit(Verdict.TOO_LARGE), OptionalLong.of(300_000_000)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a text of 512 tokens needs 0.4 GB of memory even if")
                .hasMessageContaining("(1.4 GB if not), 0.3 GB are free; cure: a smaller context");
    }

    /** A gigabyte of weights, 400 MB of everything else. */
    private static Fit fit(Verdict verdict) {
        return new Fit(512, 1_000_000_000, 200_000_000, 0, 100_000_000, 100_000_000, verdict);
    }

    @Test
    void whatIsRememberedTakesNoMoreThanIsFreeButAlwaysOneText() {
        LoadOptions options = LoadOptions.defaults().withPrefixMemory(1_000_000_000);
        Fit fit = fit(Verdict.FITS);
        assertThat(LoadedModel.prefixes(options, fit, OptionalLong.empty()))
                .isEqualTo(1_000_000_000);
        assertThat(LoadedModel.prefixes(options, fit, OptionalLong.of(9_000_000_000L)))
                .isEqualTo(1_000_000_000);
        assertThat(LoadedModel.prefixes(options, fit, OptionalLong.of(1_900_000_000)))
                .isEqualTo(500_000_000);
        assertThat(LoadedModel.prefixes(options, fit, OptionalLong.of(1_400_000_000)))
                .isEqualTo(200_000_000);
        assertThat(LoadedModel.prefixes(options.withPrefixMemory(7), fit, OptionalLong.of(0)))
                .isEqualTo(7);
    }

    private List<Cliffs.Report> report(Fit fit, OptionalLong available) {
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT)) {
            assumeFalse(hasScalarKernels(), "scalar kernels pack nothing");
            MemorySegment rows = MemorySegment.ofArray(new byte[4 * 64]);
            Tensor weight = kernels.weight(TensorType.F32, new long[] {8, 8}, rows);
            WeightLoading.run(
                    kernels, List.of(weight), options(WeightPlacement.AUTO), fit, available);
            return kernels.cliffs().all();
        }
    }

    @Test
    void theMemoryIsToldBeforeTheWeightsAreLoaded() {
        List<MemoryNeed> told = new ArrayList<>();
        LoadListener first =
                new LoadListener() {
                    @Override
                    public void memory(MemoryNeed need, MemoryLimits limits, int contextLength) {
                        assertThat(packed).isEmpty();
                        assertThat(contextLength).isEqualTo(100);
                        assertThat(limits.prefixes()).isEqualTo(5);
                        told.add(need);
                    }

                    @Override
                    public void packed(long bytes, long all) {
                        packed.add(bytes);
                    }
                };
        LoadOptions options =
                options(WeightPlacement.AUTO)
                        .withContextLength(100)
                        .withPrefixMemory(5)
                        .withListener(first);
        try (LanguageModel model =
                LanguageModel.of(GgufFile.of(TinyModel.llama().bytes()), options)) {
            assertThat(told).hasSize(1);
            assertThat(model.memory(64))
                    .isEqualTo(told.getFirst().at(64, MemoryLimits.NONE).total());
        }
    }

    @Test
    void moreThreadsThanProcessorsAreToldOf() {
        int threads = Runtime.getRuntime().availableProcessors() + 1;
        LoadOptions options = options(WeightPlacement.AUTO).withThreads(threads);
        try (LanguageModel model =
                LanguageModel.of(GgufFile.of(TinyModel.llama().bytes()), options)) {
            assertThat(cliffs()).contains(PerformanceCliff.OVERSUBSCRIBED);
            assertThat(model.cliffs()).isEqualTo(slow);
        }
    }

    private List<PerformanceCliff> cliffs() {
        return slow.stream().map(Cliffs.Report::cliff).toList();
    }

    private static boolean hasScalarKernels() {
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT)) {
            return kernels.cliffs().all().stream()
                    .anyMatch(r -> r.cliff() == PerformanceCliff.SCALAR_KERNELS);
        }
    }
}
