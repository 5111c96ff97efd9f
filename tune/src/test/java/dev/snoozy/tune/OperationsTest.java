package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Operations of a step, beside what was reckoned by hand. */
class OperationsTest {
    private static final int INPUTS = 5;
    private static final int LEARNT = 3;
    private static final int RANK = 4;

    @TempDir Path folder;

    @Test
    void aStepCountsItsProductsForwardAndBackward() throws IOException {
        long vocabulary = 2L * LEARNT * 32 * 300;
        // Two layers: q and o 32 x 32, k and v 16 x 32, gate and up 48 x 32, down 32 x 48.
        long forward = 2L * INPUTS * 2 * (2 * 1024 + 2 * 512 + 3 * 1536);
        long adapters = 2L * INPUTS * RANK * 2 * (2 * 64 + 2 * 48 + 3 * 80);
        assertThat(vocabulary + forward + adapters).isEqualTo(57_600 + 153_600 + 37_120);
        // Nothing trained comes before q, k and v of the first layer: their input wants no
        // gradient.
        long transposed = forward - 2L * INPUTS * (1024 + 2 * 512);
        long backward = 2 * adapters - 2L * INPUTS * RANK * 3 * 32;
        long step = 2 * vocabulary + forward + adapters + transposed + backward;
        assertThat(step).isEqualTo(509_440);

        Path base = TinyModel.llama().writeTo(folder.resolve("base.gguf"));
        Sample text = new Sample(new int[] {1, 60, 61, 62, 63, 64}, learnt());
        try (GgufFile file = GgufFile.open(base);
                Learner learner =
                        Learner.on(Kernels.create(2, Precision.F32), file, INPUTS, 1 << 20)) {
            learner.adapt(
                    new LoraOptions(RANK, 8, false, 0, List.of(LoraOptions.ALL)),
                    new SplittableRandom(1));
            learner.learn(List.of(text), 1.0 / LEARNT, 0, 0);
            assertThat(learner.operations()).isEqualTo(step);
            learner.losses(List.of(text));
            assertThat(learner.operations()).isEqualTo(step + vocabulary + forward + adapters);
            learner.keep(0); // layers are computed a second time, which is not counted
            learner.learn(List.of(text), 1.0 / LEARNT, 0, 0);
            assertThat(learner.operations()).isEqualTo(2 * step + vocabulary + forward + adapters);
        }
    }

    private static boolean[] learnt() {
        return new boolean[] {false, false, false, true, true, true};
    }
}
