package dev.snoozy.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.run.EmbeddingJob;
import dev.snoozy.engine.run.Evaluator;
import dev.snoozy.engine.run.Scheduler;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What must hold for every architecture, with a random model of each, whatever the registry has.
 */
class EveryArchitectureTest {
    private static final int TOKENS = 70; // more than a page, and than the window
    private static final int LARGEST_BATCH = 17;
    private static final int MOST_THREADS = 3;
    private static final long MEMORY = 1L << 30;

    static List<String> names() {
        return Architecture.names();
    }

    static List<String> decoders() {
        return names().stream().filter(name -> !encoders().contains(name)).toList();
    }

    static List<String> encoders() {
        return names().stream().filter(n -> n.contains("bert") || n.contains("embedding")).toList();
    }

    private static int[] tokens(int count) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> (i * i + 3 * i) % RandomModels.VOCABULARY);
        return tokens;
    }

    private static <T> T with(
            GgufFile file, int threads, boolean scores, Function<Scheduler, T> work) {
        Kernels kernels = Kernels.create(threads, Precision.EIGHT_BIT);
        ModelConfig config = ModelConfig.of(file.metadata(), 0);
        Transformer network = Architecture.bind(file, config, kernels).network();
        Scheduler.Output output = scores ? network::logits : (batch, hidden) -> hidden;
        CacheBudget budget = new CacheBudget(MEMORY, 0);
        try (Scheduler scheduler = new Scheduler(kernels, network, output, CacheType.F16, budget)) {
            return work.apply(scheduler);
        }
    }

    private static float[][] inBatches(Scheduler scheduler, int size) {
        int[] tokens = tokens(TOKENS);
        List<float[]> rows = new ArrayList<>();
        try (Evaluator evaluator = new Evaluator(scheduler, RandomModels.CONTEXT)) {
            for (int from = 0; from < tokens.length; from += size) {
                int to = Math.min(tokens.length, from + size);
                rows.addAll(evaluator.append(Arrays.copyOfRange(tokens, from, to), true));
            }
        }
        return rows.toArray(float[][]::new);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void scoresAreTheSameBitsInBatchesOfAnySizeAndForAnyNumberOfThreads(String name) {
        try (GgufFile file = RandomModels.file(name)) {
            float[][] expected = with(file, 1, true, scheduler -> inBatches(scheduler, TOKENS));
            for (float[] row : expected) {
                for (float score : row) {
                    assertThat(score).isFinite();
                }
            }
            assertThat(expected[1]).isNotEqualTo(expected[2]);
            for (int threads = 1; threads <= MOST_THREADS; threads++) {
                int first = threads;
                with(file, threads, true, scheduler -> sameInBatches(scheduler, first, expected));
            }
        }
    }

    /** Of the sizes from 1 to 17 every third one: the other numbers of threads have the others. */
    private static boolean sameInBatches(Scheduler scheduler, int first, float[][] expected) {
        for (int size = first; size <= LARGEST_BATCH; size += MOST_THREADS) {
            assertThat(inBatches(scheduler, size))
                    .as("batches of %d on %d threads", size, first)
                    .isDeepEqualTo(expected);
        }
        assertThat(inBatches(scheduler, TOKENS)).as("%d threads", first).isDeepEqualTo(expected);
        return true;
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aTextThatForksOrGoesBackIsAsIfItHadNeverBeenAnother(String name) {
        try (GgufFile file = RandomModels.file(name)) {
            with(
                    file,
                    2,
                    true,
                    scheduler -> {
                        int[] tokens = tokens(TOKENS);
                        float[] expected = inBatches(scheduler, TOKENS)[TOKENS - 1];
                        try (Evaluator text = new Evaluator(scheduler, RandomModels.CONTEXT)) {
                            text.append(Arrays.copyOf(tokens, TOKENS - 9), false);
                            try (Evaluator other = text.fork()) {
                                other.append(tokens(20), false);
                            }
                            if (canGoBack(name)) {
                                text.append(new int[] {5, 5, 5}, false);
                                text.truncate(TOKENS - 9);
                            }
                            int[] rest = Arrays.copyOfRange(tokens, TOKENS - 9, TOKENS);
                            assertThat(text.append(rest, false).getLast()).isEqualTo(expected);
                        }
                        return true;
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void layersThatOnlyGuessAheadChangeNothing(String name) {
        Map<String, Object> keys = RandomModels.keys(name);
        int layers = (int) Objects.requireNonNull(keys.get("block_count"));
        keys.put("block_count", layers + 1);
        keys.put("nextn_predict_layers", 1);
        keys.replaceAll((key, value) ->
                value instanceof int[] each ? Arrays.copyOf(each, layers + 1) : value);
        List<TensorInfo> ahead = new ArrayList<>();
        for (String tensor : List.of("nextn.eh_proj.weight", "attn_norm.weight", "ffn_up.weight")) {
            String full = "blk." + layers + "." + tensor;
            ahead.add(TensorInfo.of(full, TensorType.F32, List.of(32L, 4L)));
        }
        Metadata metadata = RandomModels.metadata(name, keys);
        try (GgufFile file = RandomModels.file(name);
                GgufFile longer = RandomModels.file(metadata, ahead)) {
            float[][] expected = with(file, 2, true, scheduler -> inBatches(scheduler, TOKENS));
            float[][] found = with(longer, 2, true, scheduler -> inBatches(scheduler, TOKENS));
            assertThat(found).isDeepEqualTo(expected);
        }
    }

    private static boolean canGoBack(String name) {
        Map<String, Object> keys = RandomModels.keys(name);
        return keys.keySet().stream().noneMatch(key -> key.matches("(ssm|shortconv)\\..*"));
    }

    static List<String> recurrent() {
        return decoders().stream().filter(name -> !canGoBack(name)).toList();
    }

    @ParameterizedTest
    @MethodSource("recurrent")
    void aStateThatCannotGoBackSaysSoAndLosesNothing(String name) {
        try (GgufFile file = RandomModels.file(name)) {
            with(
                    file,
                    2,
                    true,
                    scheduler -> {
                        float[] expected = inBatches(scheduler, TOKENS)[TOKENS - 1];
                        int[] tokens = tokens(TOKENS);
                        try (Evaluator text = new Evaluator(scheduler, RandomModels.CONTEXT)) {
                            text.append(Arrays.copyOf(tokens, TOKENS - 1), false);
                            assertThatThrownBy(() -> text.truncate(TOKENS - 9))
                                    .hasMessageContaining("a recurrent state cannot go back");
                            int[] last = {tokens[TOKENS - 1]};
                            assertThat(text.append(last, false).getLast()).isEqualTo(expected);
                            text.truncate(0);
                            assertThat(text.append(tokens, false).getLast()).isEqualTo(expected);
                        }
                        return true;
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void statesAreTheSameBitsBesideOtherTextsAndForAnyNumberOfThreads(String name) {
        try (GgufFile file = RandomModels.file(name)) {
            float[][] alone = with(file, 1, false, s -> states(s, TOKENS).getFirst());
            for (float[] row : alone) {
                for (float value : row) {
                    assertThat(value).isFinite();
                }
            }
            for (int threads = 1; threads <= 3; threads++) {
                List<float[][]> found = with(file, threads, false, s -> states(s, 3, TOKENS, 60));
                assertThat(found.get(1)).isDeepEqualTo(alone);
            }
        }
    }

    private static List<float[][]> states(Scheduler scheduler, int... lengths) {
        List<EmbeddingJob<float[][]>> jobs = new ArrayList<>();
        for (int length : lengths) {
            jobs.add(
                    new EmbeddingJob<>(
                            tokens(length),
                            EmbeddingJob.Rows.ALL,
                            rows -> rows.toArray(float[][]::new)));
        }
        return EmbeddingJob.runAll(scheduler, jobs);
    }

    @ParameterizedTest
    @MethodSource("names")
    void anOptionThatTheCodeDoesNotHeedIsRefused(String name) {
        Map<String, Object> keys = RandomModels.keys(name);
        boolean windowed = name.startsWith("gemma") || name.equals("llama4");
        keys.put("attention.sliding_window", windowed ? 40 : 0);
        keys.put("attention.temperature_scale", 0.1f);
        keys.put("attention.temperature_length", 64);
        keys.put("attention.clamp_kqv", 2f);
        keys.put("rope.scaling.original_context_length", 64);
        Metadata metadata = RandomModels.metadata(name, keys);
        try (GgufFile file = RandomModels.file(metadata);
                Kernels kernels = Kernels.reference(1)) {
            ModelConfig config = ModelConfig.of(metadata, 0);
            assertThatThrownBy(() -> Architecture.bind(file, config, kernels))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("does not heed")
                    .message()
                    .containsAnyOf("attention.temperature_scale", "attention.clamp_kqv");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void underAnotherNameItIsRecognisedByItsTensors(String name) {
        Family family = RandomModels.family(name);
        Metadata metadata = RandomModels.metadata(name, RandomModels.keys(name));
        try (GgufFile own = RandomModels.file(metadata);
                GgufFile empty = RandomModels.empty(metadata)) {
            assertThat(family.misfit(own))
                    .isEqualTo(new Family.Misfit(family, List.of(), List.of()));
            assertThat(family.misfit(empty))
                    .extracting(Family.Misfit::missing, InstanceOfAssertFactories.LIST)
                    .isNotEmpty();
        }
    }
}
