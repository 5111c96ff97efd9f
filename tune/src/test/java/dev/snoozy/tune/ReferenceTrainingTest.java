package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A run of an outside implementation is repeated: losses, gradients, and the adapter it ends in.
 */
class ReferenceTrainingTest {
    private static final String BASE = "stories260K/stories260K-f32.gguf";
    private static final int CONTEXT = 128;

    @Test
    void inF64EveryLossAndGradientIsThatOfTheReference(@TempDir Path folder) throws IOException {
        TrainingReference reference = TrainingReference.read();
        try (GgufFile file = GgufFile.open(TrainingReference.model(BASE));
                Learner learner = Learner.reference(file, CONTEXT)) {
            train(learner, reference, 1e-6, 1e-6, 1e-6);
            Path adapter = folder.resolve("adapter.gguf");
            AdapterWriter.write(adapter, "trained", "llama", 8, learner.adapters());
            requireSame(
                    adapter,
                    TrainingReference.model("lora/training-reference-shared-adapter.gguf"));
        }
    }

    @Test
    void onTheKernelsOfTheEngineLossesAndMatricesStayClose() throws IOException {
        TrainingReference reference = TrainingReference.read();
        try (GgufFile file = GgufFile.open(TrainingReference.model(BASE));
                Learner learner = Learner.on(Kernels.create(2, Precision.F32), file, CONTEXT, 0)) {
            train(learner, reference, 1e-4, 1e-4, 1e-3);
        }
    }

    private static void train(
            Learner learner,
            TrainingReference reference,
            double lossBound,
            double gradientBound,
            double matrixBound) {
        learner.adapt(reference.lora(), new SplittableRandom(1));
        reference.initialize(learner);
        AdamW optimizer = new AdamW(reference.optimizer(), learner.adapters());
        double[] losses = reference.numbers("losses");
        double[] norms = reference.numbers("grad_norms");
        int targets = reference.samples().stream().mapToInt(Sample::targets).sum();
        for (int step = 0; step < TrainingReference.STEPS; step++) {
            Learner.Losses found = learner.learn(reference.samples(), 1.0 / targets, 0, 0);
            assertThat(found.sum() / targets)
                    .as("loss of step " + step)
                    .isCloseTo(losses[step], within(losses[step] * lossBound));
            assertThat(AdamW.norm(learner.adapters()))
                    .as("gradient of step " + step)
                    .isCloseTo(norms[step], within(norms[step] * gradientBound));
            if (step < 2) {
                gradients(learner, reference, "gradients_step" + (step + 1), gradientBound);
            }
            optimizer.step(learner.adapters(), reference.optimizer().rate(), 1);
            learner.changed();
        }
        for (Lora lora : learner.adapters()) {
            String name = lora.weight();
            double[] a = Objects.requireNonNull(reference.matrix("final", name + ".lora_a"));
            double[] b = Objects.requireNonNull(reference.matrix("final", name + ".lora_b"));
            assertThat(TrainingReference.distance(lora.a(), a)).as(name).isLessThan(matrixBound);
            assertThat(TrainingReference.distance(lora.b(), b)).as(name).isLessThan(matrixBound);
        }
        double last = learner.losses(reference.samples()).sum() / targets;
        double expected = reference.number("final_loss");
        assertThat(last).isCloseTo(expected, within(expected * lossBound));
    }

    private static void gradients(
            Learner learner, TrainingReference reference, String step, double bound) {
        int compared = 0;
        for (Lora lora : learner.adapters()) {
            double[] a = reference.matrix(step, lora.weight() + ".lora_a");
            double[] b = reference.matrix(step, lora.weight() + ".lora_b");
            if (a != null) {
                assertThat(TrainingReference.distance(lora.gradientA(), a)).isLessThan(bound);
                compared++;
            }
            if (b != null) {
                assertThat(TrainingReference.distance(lora.gradientB(), b)).isLessThan(bound);
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(8);
    }

    private static void requireSame(Path found, Path expected) throws IOException {
        try (GgufFile mine = GgufFile.open(found);
                GgufFile other = GgufFile.open(expected)) {
            assertThat(mine.tensors()).hasSameSizeAs(other.tensors());
            assertThat(mine.metadata().number("adapter.lora.alpha")).isEqualTo(8f);
            for (TensorInfo tensor : other.tensors()) {
                TensorInfo same = Objects.requireNonNull(mine.tensor(tensor.name()), tensor.name());
                assertThat(same.shape()).isEqualTo(tensor.shape());
                float[] x = mine.data(same).toArray(ValueLayout.JAVA_FLOAT);
                float[] y = other.data(tensor).toArray(ValueLayout.JAVA_FLOAT);
                for (int i = 0; i < y.length; i++) {
                    assertThat(x[i]).isCloseTo(y[i], within(2e-6f));
                }
            }
        }
    }
}
