package dev.snoozy.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.cli.Models;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** How the reference engine rounds what weights are multiplied with. */
class ReferenceRoundingTest {
    private static float[] row(int length) {
        SplittableRandom random = new SplittableRandom(5);
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    private static float[] rounded(float[] row, TensorType beside) {
        float[] copy = row.clone();
        ReferenceRounding.round(copy, beside);
        return copy;
    }

    /** Each block alone has multiples of the 127th part of its largest. */
    private static void assertBlocks(float[] row, float[] found, int length, double exactness) {
        for (int from = 0; from < row.length; from += length) {
            float most = 0;
            for (int i = from; i < from + length; i++) {
                most = Math.max(most, Math.abs(row[i]));
            }
            double step = most / 127.0;
            for (int i = from; i < from + length; i++) {
                double multiple = found[i] / step;
                assertThat(multiple).isCloseTo(Math.rint(multiple), within(127 * exactness));
                assertThat(found[i]).isCloseTo(row[i], within((float) (0.502 * step)));
            }
        }
    }

    @Test
    void blocksAreRoundedTo8BitEach() {
        float[] row = row(512);
        row[40] = 30; // coarsens its own block alone
        // The factor of a small block is in half precision: 11 bits.
        assertBlocks(row, rounded(row, TensorType.Q4_0), 32, 1.0 / 2048);
        assertBlocks(row, rounded(row, TensorType.IQ4_NL), 32, 1.0 / 2048);
        assertBlocks(row, rounded(row, TensorType.Q4_K), 256, 1e-6);
        assertBlocks(row, rounded(row, TensorType.TQ1_0), 256, 1e-6);
    }

    @Test
    void halvesAreTheNearest() {
        float[] row = {1, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1p-8f + 0x1p-20f, -1 - 0x1p-9f, 0};
        assertThat(rounded(row, TensorType.BF16))
                .containsExactly(1, 1, 1 + 0x1p-6f, 1 + 0x1p-7f, -1, 0);
        float[] fine = {1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 0.1f};
        assertThat(rounded(fine, TensorType.F16)).containsExactly(1, 1 + 0x1p-9f, 0.0999755859375f);
    }

    @Test
    void aBlockOfNothingStaysNothing() {
        float[] nothing = new float[64];
        assertThat(rounded(nothing, TensorType.Q8_0)).containsOnly(0);
    }

    @Test
    void whatIsNotQuantizedIsAsTheEngineHasItAlsoInMixtures() throws IOException {
        for (String name : List.of("llama-moe-A", "qwen2moe-A")) {
            Path model = Data.shared().resolve("golden").resolve("arch").resolve(name + ".gguf.gz");
            assumeTrue(Files.exists(model), "no shared data");
            int[] ids = {3, 23, 57, 105, 167, 43, 147};
            LoadOptions exact = LoadOptions.defaults().withPrecision(Precision.F32);
            try (Forward engine = Forward.asTheEngine(Models.open(model), exact);
                    Forward reference = Forward.asTheReference(Models.open(model), 16)) {
                List<float[]> expected = engine.scores(ids);
                List<float[]> found = reference.scores(ids);
                for (int i = 0; i < ids.length; i++) {
                    assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-4f));
                }
            }
        }
    }
}
