package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Whole networks on these kernels. */
@EnabledIf("dev.snoozy.kernels.vector.Widths#areThere")
class ModelTest {
    private static final String PROPERTY = "snoozy.kernels";

    /** Logits of such models are a few units large; the exponential is off by two in the last. */
    private static final float TOLERANCE = 2e-5f;

    private static final int[] TOKENS = new Random(1).ints(130, 3, TinyModel.VOCABULARY).toArray();

    @AfterEach
    void choose() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void networksGiveTheLogitsOfTheScalarKernels() {
        for (TinyModel tiny : List.of(TinyModel.llama(), TinyModel.gemma3())) {
            List<float[]> expected = logits(tiny, "scalar", TOKENS.length);
            List<float[]> found = logits(tiny, "vector", TOKENS.length);
            for (int t = 0; t < TOKENS.length; t++) {
                assertThat(found.get(t))
                        .as("token %d", t)
                        .containsExactly(expected.get(t), within(TOLERANCE));
            }
        }
    }

    @Test
    void logitsAreTheSameForTokensOneByOneAndTogether() {
        TinyModel tiny = TinyModel.llama();
        List<float[]> together = logits(tiny, "vector", TOKENS.length);
        for (int batch : new int[] {1, 7}) {
            assertThat(logits(tiny, "vector", batch))
                    .usingRecursiveComparison()
                    .isEqualTo(together);
        }
    }

    private static List<float[]> logits(TinyModel tiny, String kernels, int batch) {
        System.setProperty(PROPERTY, kernels);
        // A cache that rounds makes a last bit into more.
        LoadOptions options = LoadOptions.defaults().withThreads(2).withCacheType(CacheType.F32);
        List<float[]> all = new ArrayList<>();
        try (LanguageModel model = LanguageModel.of(GgufFile.of(tiny.bytes()), options);
                Evaluation text = model.evaluation()) {
            for (int from = 0; from < TOKENS.length; from += batch) {
                int to = Math.min(TOKENS.length, from + batch);
                all.addAll(text.append(Arrays.copyOfRange(TOKENS, from, to), true));
            }
        }
        return all;
    }
}
