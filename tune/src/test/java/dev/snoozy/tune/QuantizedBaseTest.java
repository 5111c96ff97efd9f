package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Training on a quantized base, with the engine's kernels for 8-bit activations. */
class QuantizedBaseTest {
    private static final int STEPS = 30;

    @Test
    void theLossOfAQuantizedBaseFollowsThatOfTheExactOne() throws IOException {
        double[] exact = losses("f32");
        double[] eight = losses("Q8_0");
        double[] four = losses("Q4_0");
        for (int i = 0; i < STEPS; i++) {
            assertThat(eight[i]).as("step " + i).isCloseTo(exact[i], within(0.02 * exact[i]));
        }
        double fall = exact[0] - exact[STEPS - 1];
        assertThat(four[0] - four[STEPS - 1]).isGreaterThan(0.9 * fall);
    }

    private static double[] losses(String type) throws IOException {
        Path path = TrainingReference.model("stories260K/stories260K-wide256-" + type + ".gguf.gz");
        Assumptions.assumeTrue(Files.exists(path), "no reference data: " + path);
        TrainingReference reference = TrainingReference.read();
        Kernels kernels = Kernels.create(2, Precision.EIGHT_BIT);
        try (GgufFile file = GgufFile.of(Data.read(path));
                Learner learner = Learner.on(kernels, file, 128, 0)) {
            learner.adapt(reference.lora(), new SplittableRandom(1));
            AdamW optimizer = new AdamW(reference.optimizer(), learner.adapters());
            List<Sample> texts = reference.samples().subList(0, 4); // half of them, to be quick
            int targets = texts.stream().mapToInt(Sample::targets).sum();
            double[] losses = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                losses[step] = learner.learn(texts, 1.0 / targets, 0, 0).sum() / targets;
                optimizer.step(learner.adapters(), 0.01, 1);
                learner.changed();
            }
            return losses;
        }
    }
}
