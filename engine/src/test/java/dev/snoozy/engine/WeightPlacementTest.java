package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.snoozy.format.GgufFile;
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
        MemoryNeed need = new MemoryNeed(1_000_000_000, List.of(), 512);
        assertThat(report(need, OptionalLong.of(1_300_000_000)))
                .extracting(Cliffs.Report::toString)
                .singleElement()
                .asString()
                .contains("packed ones need 1.4 GB of memory, 1.3 GB are free");
        assertThat(report(need, OptionalLong.of(1_400_000_000))).isEmpty();
        assertThat(report(need, OptionalLong.empty())).isEmpty();
    }

    private List<Cliffs.Report> report(MemoryNeed need, OptionalLong available) {
        try (Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT)) {
            assumeFalse(hasScalarKernels(), "scalar kernels pack nothing");
            MemorySegment rows = MemorySegment.ofArray(new byte[4 * 64]);
            Tensor weight = kernels.weight(TensorType.F32, new long[] {8, 8}, rows);
            WeightLoading.run(
                    kernels, List.of(weight), options(WeightPlacement.AUTO), need, available);
            return kernels.cliffs().all();
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
